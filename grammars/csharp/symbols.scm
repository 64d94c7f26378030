[
  (class_declaration
    name: (identifier) @name)
  (record_declaration
    name: (identifier) @name)
  (struct_declaration
    name: (identifier) @name)
] @definition.class

(interface_declaration
  name: (identifier) @name) @definition.interface

(enum_declaration
  name: (identifier) @name) @definition.enum

(enum_member_declaration
  name: (identifier) @name) @definition.constant

(delegate_declaration
  name: (identifier) @name) @definition.type

[
  (file_scoped_namespace_declaration
    name: (_) @name)
  (namespace_declaration
    name: (_) @name)
] @definition.module

[
  (constructor_declaration
    name: (identifier) @name)
] @definition.constructor

[
  (destructor_declaration
    name: (identifier) @name)
  (method_declaration
    name: (identifier) @name)
] @definition.method

(operator_declaration
  operator: _ @name) @definition.method

(local_function_statement
  name: (identifier) @name) @definition.function

(property_declaration
  name: (identifier) @name) @definition.property

(event_declaration
  name: (identifier) @name) @definition.property

((field_declaration
  (modifier) @_modifier
  (variable_declaration
    (variable_declarator
      name: (identifier) @name))) @definition.constant
  (#eq? @_modifier "const"))

[
  (event_field_declaration
    (variable_declaration
      (variable_declarator
        name: (identifier) @name)))
  (field_declaration
    (variable_declaration
      (variable_declarator
        name: (identifier) @name)))
] @definition.field

; The parameters of a record are its properties.
(record_declaration
  (parameter_list
    (parameter
      name: (identifier) @name) @definition.property))
