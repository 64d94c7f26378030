(import_header
  (identifier) @reference.import)

(call_expression
  .
  (simple_identifier) @reference.call)

(call_expression
  .
  (navigation_expression
    (navigation_suffix
      (simple_identifier) @reference.call)))

(infix_expression
  (_)
  .
  (simple_identifier) @reference.call)

(callable_reference
  (simple_identifier) @reference.call)

(user_type
  (type_identifier) @reference.type)

(value_argument
  (simple_identifier) @reference.use)

; Members of objects, enums and companions.
((navigation_expression
  .
  (simple_identifier) @reference.use)
  (#match? @reference.use "^[A-Z]"))
