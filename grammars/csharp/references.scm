(using_directive
  [
    (identifier)
    (qualified_name)
  ] @reference.import)

(invocation_expression
  function: [
    (conditional_access_expression
      (member_binding_expression
        name: (identifier) @reference.call))
    (generic_name
      (identifier) @reference.call)
    (identifier) @reference.call
    (member_access_expression
      name: [
        (identifier) @reference.call
        (generic_name
          (identifier) @reference.call)
      ])
  ])

(object_creation_expression
  type: [
    (identifier) @reference.call
    (generic_name
      (identifier) @reference.call)
    (qualified_name
      name: (identifier) @reference.call)
  ])

(attribute
  name: [
    (identifier) @reference.type
    (qualified_name
      name: (identifier) @reference.type)
  ])

(base_list
  [
    (identifier) @reference.type
    (generic_name
      (identifier) @reference.type)
    (qualified_name
      name: (identifier) @reference.type)
    (primary_constructor_base_type
      type: (identifier) @reference.type)
  ])

; In a type position, also behind `?` and `[]`.
(_
  type: [
    (identifier) @reference.type
    (array_type
      type: (identifier) @reference.type)
    (generic_name
      (identifier) @reference.type)
    (nullable_type
      type: (identifier) @reference.type)
    (qualified_name
      name: (identifier) @reference.type)
  ])

(method_declaration
  returns: [
    (identifier) @reference.type
    (array_type
      type: (identifier) @reference.type)
    (generic_name
      (identifier) @reference.type)
    (nullable_type
      type: (identifier) @reference.type)
  ])

(type_argument_list
  (identifier) @reference.type)

; A class, an enum or a constant whose member is used.
((member_access_expression
  expression: (identifier) @reference.use)
  (#match? @reference.use "^[A-Z]"))

(argument
  (identifier) @reference.use)
