(import_declaration
  (scoped_identifier) @reference.import)

(method_invocation
  name: (identifier) @reference.call)

(object_creation_expression
  type: [
    (type_identifier) @reference.call
    (generic_type
      (type_identifier) @reference.call)
    (scoped_type_identifier
      (type_identifier) @reference.call .)
  ])

(method_reference
  "::"
  (identifier) @reference.call)

(type_identifier) @reference.type

[
  (annotation
    name: (identifier) @reference.type)
  (marker_annotation
    name: (identifier) @reference.type)
]

; A class whose members are used, or a constant.
([
  (field_access
    field: (identifier) @reference.use)
  (field_access
    object: (identifier) @reference.use)
  (method_invocation
    object: (identifier) @reference.use)
]
  (#match? @reference.use "^[A-Z]"))
