(import_statement
  [
    (string_value
      (string_content) @reference.import)
    (call_expression
      (arguments
        (string_value
          (string_content) @reference.import)))
  ])

((call_expression
  (function_name) @_function
  (arguments
    (plain_value) @reference.use))
  (#eq? @_function "var"))

((declaration
  (property_name) @_property
  .
  (plain_value) @reference.use)
  (#match? @_property "^animation(?:-name)?$"))
