(import_statement
  name: [
    (dotted_name) @reference.import
    (aliased_import
      name: (dotted_name) @reference.import)
  ])

(import_from_statement
  module_name: (_) @reference.import)

(import_from_statement
  name: [
    (dotted_name) @reference.import
    (aliased_import
      name: (dotted_name) @reference.import)
  ])

(call
  function: [
    (identifier) @reference.call
    (attribute
      attribute: (identifier) @reference.call)
  ])

(decorator
  [
    (identifier) @reference.call
    (attribute
      attribute: (identifier) @reference.call)
  ])

(class_definition
  superclasses: (argument_list
    [
      (identifier) @reference.type
      (attribute
        attribute: (identifier) @reference.type)
    ]))

(type
  [
    (identifier) @reference.type
    (attribute
      attribute: (identifier) @reference.type)
    (generic_type
      (identifier) @reference.type)
    (binary_operator
      (identifier) @reference.type)
  ])

(except_clause
  value: [
    (identifier) @reference.type
    (as_pattern
      (identifier) @reference.type)
    (tuple
      (identifier) @reference.type)
  ])

; Handed over as a value: a callback, a class, a constant.
(argument_list
  (identifier) @reference.use)
