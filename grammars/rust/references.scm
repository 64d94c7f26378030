(use_declaration
  argument: [
    (identifier) @reference.import
    (scoped_identifier
      name: (identifier) @reference.import)
    (use_as_clause
      path: [
        (identifier) @reference.import
        (scoped_identifier
          name: (identifier) @reference.import)
      ])
  ])

(use_list
  [
    (identifier) @reference.import
    (scoped_identifier
      name: (identifier) @reference.import)
    (use_as_clause
      path: [
        (identifier) @reference.import
        (scoped_identifier
          name: (identifier) @reference.import)
      ])
  ])

(call_expression
  function: [
    (identifier) @reference.call
    (field_expression
      field: (field_identifier) @reference.call)
    (generic_function
      function: [
        (identifier) @reference.call
        (field_expression
          field: (field_identifier) @reference.call)
        (scoped_identifier
          name: (identifier) @reference.call)
      ])
    (scoped_identifier
      name: (identifier) @reference.call)
  ])

; Upper case before `::` is a type, as in `Invoice::new`.
((scoped_identifier
  path: (identifier) @reference.type)
  (#match? @reference.type "^[A-Z]"))

(macro_invocation
  macro: [
    (identifier) @reference.call
    (scoped_identifier
      name: (identifier) @reference.call)
  ])

(type_identifier) @reference.type

(arguments
  (identifier) @reference.use)
