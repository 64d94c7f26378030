(call_expression
  function: [
    (qualified_identifier
      name: [
        (identifier) @reference.call
        (template_function
          name: (identifier) @reference.call)
        (qualified_identifier
          name: (identifier) @reference.call)
      ])
    (template_function
      name: (identifier) @reference.call)
    (field_expression
      field: (template_method
        name: (field_identifier) @reference.call))
  ])

(using_declaration
  (_) @reference.import)

; What stands before `::` names a class or a namespace.
(qualified_identifier
  scope: (namespace_identifier) @reference.type)
