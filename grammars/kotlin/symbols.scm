(class_declaration
  "enum"
  (type_identifier) @name) @definition.enum

(class_declaration
  "interface"
  (type_identifier) @name) @definition.interface

(class_declaration
  (type_identifier) @name) @definition.class

(object_declaration
  (type_identifier) @name) @definition.class

(companion_object
  (type_identifier) @name) @definition.class

(type_alias
  .
  (type_identifier) @name) @definition.type

(enum_entry
  (simple_identifier) @name) @definition.constant

(function_declaration
  (simple_identifier) @name) @definition.function

(secondary_constructor
  "constructor" @name) @definition.constructor

((property_declaration
  (modifiers
    (property_modifier) @_modifier)
  (variable_declaration
    (simple_identifier) @name)) @definition.constant
  (#eq? @_modifier "const"))

(source_file
  (property_declaration
    (variable_declaration
      (simple_identifier) @name)) @definition.variable)

(class_body
  (property_declaration
    (variable_declaration
      (simple_identifier) @name)) @definition.property)

(enum_class_body
  (property_declaration
    (variable_declaration
      (simple_identifier) @name)) @definition.property)

; Only parameters with `val` or `var` are properties.
(class_parameter
  (binding_pattern_kind)
  (simple_identifier) @name) @definition.property
