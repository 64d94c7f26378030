(class_declaration
  name: (name) @name) @definition.class

[
  (interface_declaration
    name: (name) @name)
  (trait_declaration
    name: (name) @name)
] @definition.interface

(enum_declaration
  name: (name) @name) @definition.enum

(enum_case
  name: (name) @name) @definition.constant

((method_declaration
  name: (name) @name) @definition.constructor
  (#eq? @name "__construct"))

(method_declaration
  name: (name) @name) @definition.method

(function_definition
  name: (name) @name) @definition.function

(const_element
  (name) @name) @definition.constant

(property_element
  name: (variable_name
    (name) @name)) @definition.field

(property_promotion_parameter
  name: (variable_name
    (name) @name)) @definition.field

(namespace_definition
  name: (namespace_name) @name) @definition.module

((function_call_expression
  function: (name) @_define
  arguments: (arguments
    .
    (argument
      [
        (encapsed_string
          (string_content) @name)
        (string
          (string_content) @name)
      ]))) @definition.constant
  (#eq? @_define "define"))
