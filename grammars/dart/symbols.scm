(class_definition
  name: (identifier) @name) @definition.class

(mixin_declaration
  .
  (mixin)
  .
  (identifier) @name) @definition.class

(extension_declaration
  name: (identifier) @name) @definition.class

(enum_declaration
  name: (identifier) @name) @definition.enum

(enum_constant
  name: (identifier) @name) @definition.constant

(type_alias
  .
  (type_identifier) @name) @definition.type

; A function's head and its body stand side by side: both are the definition.
(program
  (function_signature
    name: (identifier) @name) @definition.function
  .
  (function_body) @definition.function)

((method_signature
  [
    (function_signature
      name: (identifier) @name)
    (getter_signature
      name: (identifier) @name)
    (setter_signature
      name: (identifier) @name)
    (operator_signature
      (binary_operator) @name)
  ]) @definition.method
  .
  (function_body) @definition.method)

(declaration
  [
    (function_signature
      name: (identifier) @name)
    (getter_signature
      name: (identifier) @name)
    (setter_signature
      name: (identifier) @name)
  ]) @definition.method

(declaration
  [
    (constructor_signature
      name: (identifier) @name .
      parameters: (_))
    (constant_constructor_signature
      (identifier) @name .
      (formal_parameter_list))
    (redirecting_factory_constructor_signature
      (identifier) @name .
      (formal_parameter_list))
  ]) @definition.constructor

((method_signature
  [
    (constructor_signature
      name: (identifier) @name .
      parameters: (_))
    (factory_constructor_signature
      (identifier) @name .
      (formal_parameter_list))
  ]) @definition.constructor
  .
  (function_body) @definition.constructor)

(declaration
  (initialized_identifier_list
    (initialized_identifier
      .
      (identifier) @name))) @definition.field

(declaration
  (static_final_declaration_list
    (static_final_declaration
      .
      (identifier) @name))) @definition.constant

(program
  (static_final_declaration_list
    (static_final_declaration
      .
      (identifier) @name) @definition.constant))

(program
  (initialized_identifier_list
    (initialized_identifier
      .
      (identifier) @name) @definition.variable))
