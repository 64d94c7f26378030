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

(class_heritage
  [
    (identifier) @reference.type
    (member_expression
      property: (property_identifier) @reference.type)
  ])

; Lower-case elements are the browser's own.
([
  (jsx_opening_element
    name: (identifier) @reference.use)
  (jsx_self_closing_element
    name: (identifier) @reference.use)
]
  (#match? @reference.use "^[A-Z]"))
