(import_declaration
  (identifier) @reference.import)

(call_expression
  .
  (simple_identifier) @reference.call)

(call_expression
  .
  (navigation_expression
    suffix: (navigation_suffix
      suffix: (simple_identifier) @reference.call)))

(user_type
  (type_identifier) @reference.type)

(value_argument
  value: (simple_identifier) @reference.use)

; Types whose members are used.
((navigation_expression
  target: (simple_identifier) @reference.use)
  (#match? @reference.use "^[A-Z]"))
