(import_spec
  path: (interpreted_string_literal
    (interpreted_string_literal_content) @reference.import))

(call_expression
  function: [
    (identifier) @reference.call
    (parenthesized_expression
      (identifier) @reference.call)
    (selector_expression
      field: (field_identifier) @reference.call)
  ])

(type_identifier) @reference.type

(argument_list
  [
    (identifier) @reference.use
    (selector_expression
      field: (field_identifier) @reference.use)
  ])
