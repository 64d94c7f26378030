(contract_declaration
  name: (identifier) @name) @definition.class

(library_declaration
  name: (identifier) @name) @definition.class

(interface_declaration
  name: (identifier) @name) @definition.interface

(struct_declaration
  name: (identifier) @name) @definition.class

(struct_member
  name: (identifier) @name) @definition.field

(enum_declaration
  name: (identifier) @name) @definition.enum

(enum_value) @name @definition.constant

(source_file
  (function_definition
    name: (identifier) @name) @definition.function)

(contract_body
  (function_definition
    name: (identifier) @name) @definition.method)

(modifier_definition
  name: (identifier) @name) @definition.macro

(constructor_definition
  "constructor" @name) @definition.constructor

(state_variable_declaration
  name: (identifier) @name) @definition.field

(constant_variable_declaration
  name: (identifier) @name) @definition.constant

(event_definition
  name: (identifier) @name) @definition.type

(error_declaration
  name: (identifier) @name) @definition.type

(user_defined_type_definition
  name: (identifier) @name) @definition.type
