(import_directive
  source: (string) @reference.import)

(import_directive
  import_name: (identifier) @reference.import)

(call_expression
  function: (expression
    [
      (identifier) @reference.call
      (member_expression
        property: (identifier) @reference.call)
    ]))

(emit_statement
  name: (expression
    (identifier) @reference.call))

(revert_statement
  error: (expression
    (identifier) @reference.call))

(modifier_invocation
  (identifier) @reference.call)

(user_defined_type
  (identifier) @reference.type)

(type_alias
  (identifier) @reference.type)
