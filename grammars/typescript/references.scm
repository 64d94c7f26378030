((call_expression
  function: (identifier) @_require
  arguments: (arguments
    (string
      (string_fragment) @reference.import)))
  (#eq? @_require "require"))

(import_statement
  source: (string
    (string_fragment) @reference.import))

(export_statement
  source: (string
    (string_fragment) @reference.import))

(import_specifier
  name: (identifier) @reference.import)

(import_clause
  (identifier) @reference.import)

(call_expression
  function: [
    (identifier) @reference.call
    (member_expression
      property: [
        (property_identifier)
        (private_property_identifier)
      ] @reference.call)
  ])

(new_expression
  constructor: [
    (identifier) @reference.call
    (member_expression
      property: (property_identifier) @reference.call)
  ])

(decorator
  (identifier) @reference.call)

; Handed over as a value: a callback, a class, a constant.
(arguments
  (identifier) @reference.use)

(extends_clause
  value: [
    (identifier) @reference.type
    (member_expression
      property: (property_identifier) @reference.type)
  ])

(type_identifier) @reference.type

(import_require_clause
  (string
    (string_fragment) @reference.import))
