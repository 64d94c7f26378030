; Other components, in either spelling: InvoiceRow or invoice-row.
((start_tag
  (tag_name) @reference.use)
  (#match? @reference.use "^[A-Z]|-"))

((self_closing_tag
  (tag_name) @reference.use)
  (#match? @reference.use "^[A-Z]|-"))

((script_element
  (start_tag
    (attribute
      (attribute_name) @_attribute
      (quoted_attribute_value
        (attribute_value) @reference.import))))
  (#eq? @_attribute "src"))
