[
  (class_declaration
    name: (identifier) @name)
  (record_declaration
    name: (identifier) @name)
] @definition.class

[
  (annotation_type_declaration
    name: (identifier) @name)
  (interface_declaration
    name: (identifier) @name)
] @definition.interface

(enum_declaration
  name: (identifier) @name) @definition.enum

(enum_constant
  name: (identifier) @name) @definition.constant

[
  (annotation_type_element_declaration
    name: (identifier) @name)
  (method_declaration
    name: (identifier) @name)
] @definition.method

[
  (compact_constructor_declaration
    name: (identifier) @name)
  (constructor_declaration
    name: (identifier) @name)
] @definition.constructor

(field_declaration
  (modifiers
    "static"
    "final")
  declarator: (variable_declarator
    name: (identifier) @name)) @definition.constant

[
  (constant_declaration
    declarator: (variable_declarator
      name: (identifier) @name))
] @definition.constant

(field_declaration
  declarator: (variable_declarator
    name: (identifier) @name)) @definition.field

(record_declaration
  parameters: (formal_parameters
    (formal_parameter
      name: (identifier) @name) @definition.field))

(module_declaration
  name: (_) @name) @definition.module
