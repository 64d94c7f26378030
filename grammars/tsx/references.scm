; Lower-case elements are the browser's own.
([
  (jsx_opening_element
    name: [
      (identifier) @reference.use
      (member_expression
        property: (property_identifier) @reference.use)
    ])
  (jsx_self_closing_element
    name: [
      (identifier) @reference.use
      (member_expression
        property: (property_identifier) @reference.use)
    ])
]
  (#match? @reference.use "^[A-Z]"))
