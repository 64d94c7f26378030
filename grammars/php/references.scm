(namespace_use_clause
  [
    (name)
    (qualified_name)
  ] @reference.import)

(_
  [
    "include"
    "include_once"
    "require"
    "require_once"
  ]
  [
    (string
      (string_content) @reference.import)
    (binary_expression
      (string
        (string_content) @reference.import))
  ])

(function_call_expression
  function: [
    (name) @reference.call
    (qualified_name
      (name) @reference.call)
  ])

[
  (member_call_expression
    name: (name) @reference.call)
  (nullsafe_member_call_expression
    name: (name) @reference.call)
  (scoped_call_expression
    name: (name) @reference.call)
]

(object_creation_expression
  [
    (name) @reference.call
    (qualified_name
      (name) @reference.call)
  ])

(named_type
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

[
  (base_clause
    (name) @reference.type)
  (class_interface_clause
    (name) @reference.type)
  (use_declaration
    (name) @reference.type)
  (scoped_call_expression
    scope: (name) @reference.type)
  (class_constant_access_expression
    .
    (name) @reference.type)
  (attribute
    (name) @reference.type)
]

(class_constant_access_expression
  (_)
  (name) @reference.use)
