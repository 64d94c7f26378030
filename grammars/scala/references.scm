; The last part of the path says what is imported.
(import_declaration
  (identifier) @reference.import
  .)

(namespace_selectors
  [
    (identifier) @reference.import
    (arrow_renamed_identifier
      name: (identifier) @reference.import)
  ])

(call_expression
  function: [
    (identifier) @reference.call
    (field_expression
      field: (identifier) @reference.call)
    (generic_function
      function: [
        (identifier) @reference.call
        (field_expression
          field: (identifier) @reference.call)
      ])
  ])

(infix_expression
  operator: (identifier) @reference.call)

(instance_expression
  [
    (type_identifier) @reference.call
    (generic_type
      type: (type_identifier) @reference.call)
  ])

(type_identifier) @reference.type

(annotation
  name: (type_identifier) @reference.type)

; Objects whose members are used.
((field_expression
  value: (identifier) @reference.use)
  (#match? @reference.use "^[A-Z]"))
