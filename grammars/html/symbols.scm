; What a page is called and what its headings say.
((element
  .
  (start_tag
    .
    (tag_name) @_tag)
  .
  (text) @name) @definition.section
  (#match? @_tag "^(?:title|h[1-6])$"))

((element
  .
  [
    (start_tag
      (attribute
        .
        (attribute_name) @_attribute
        .
        (quoted_attribute_value
          (attribute_value) @name)))
    (self_closing_tag
      (attribute
        .
        (attribute_name) @_attribute
        .
        (quoted_attribute_value
          (attribute_value) @name)))
  ]) @definition.property
  (#eq? @_attribute "id"))
