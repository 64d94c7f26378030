(call_expression
  function: [
    (identifier) @reference.call
    (field_expression
      member: (identifier) @reference.call)
  ])

((builtin_function
  (builtin_identifier) @_builtin
  (arguments
    (string
      (string_content) @reference.import)))
  (#any-of? @_builtin "@import" "@cImport" "@embedFile"))

(parameter
  type: [
    (identifier) @reference.type
    (pointer_type
      (identifier) @reference.type)
    (slice_type
      (identifier) @reference.type)
    (nullable_type
      (identifier) @reference.type)
  ])

(function_declaration
  type: [
    (identifier) @reference.type
    (error_union_type
      error: (identifier) @reference.type)
    (error_union_type
      ok: (identifier) @reference.type)
  ])

(container_field
  type: (identifier) @reference.type)

(struct_initializer
  .
  (identifier) @reference.type)

; `Ledger.init`: types begin with a capital by convention.
((field_expression
  object: (identifier) @reference.type)
  (#match? @reference.type "^[A-Z]"))
