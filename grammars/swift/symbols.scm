(class_declaration
  [
    "actor"
    "class"
    "struct"
  ]
  name: (type_identifier) @name) @definition.class

(class_declaration
  "enum"
  name: (type_identifier) @name) @definition.enum

(protocol_declaration
  name: (type_identifier) @name) @definition.interface

(typealias_declaration
  .
  name: (type_identifier) @name) @definition.type

(associatedtype_declaration
  name: (type_identifier) @name) @definition.type

(enum_entry
  name: (simple_identifier) @name) @definition.constant

(function_declaration
  "init" @name) @definition.constructor

; Unit and symbol in one: further patterns for functions would each take half a second to prepare.
(function_declaration
  [
    name: (simple_identifier)
    "init"
  ] @name
  body: (_)? @unit.body) @unit @definition.function

(protocol_function_declaration
  name: (simple_identifier) @name) @definition.method

(source_file
  (property_declaration
    name: (pattern
      bound_identifier: (simple_identifier) @name)) @definition.constant)

(class_body
  (property_declaration
    name: (pattern
      bound_identifier: (simple_identifier) @name)) @definition.property)

(enum_class_body
  (property_declaration
    name: (pattern
      bound_identifier: (simple_identifier) @name)) @definition.property)

(protocol_property_declaration
  name: (pattern
    bound_identifier: (simple_identifier) @name)) @definition.property
