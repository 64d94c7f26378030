((script_element
  .
  (start_tag
    (attribute
      .
      (attribute_name) @_attribute
      .
      (quoted_attribute_value
        (attribute_value) @reference.import))))
  (#eq? @_attribute "src"))

([
  (start_tag
    .
    (tag_name) @_tag
    (attribute
      .
      (attribute_name) @_attribute
      .
      (quoted_attribute_value
        (attribute_value) @reference.import)))
  (self_closing_tag
    .
    (tag_name) @_tag
    (attribute
      .
      (attribute_name) @_attribute
      .
      (quoted_attribute_value
        (attribute_value) @reference.import)))
]
  (#eq? @_tag "link")
  (#eq? @_attribute "href"))
