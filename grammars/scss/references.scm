[
  (import_statement
    (string_value) @reference.import)
  (use_statement
    (string_value) @reference.import)
  (forward_statement
    (string_value) @reference.import)
]

(include_statement
  (identifier) @reference.call)

(call_expression
  (function_name) @reference.call)

(variable_value) @reference.use
