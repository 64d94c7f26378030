(function_statement
  (function_name) @name) @definition.function

(class_statement
  .
  (simple_name) @name) @definition.class

; A constructor bears the name of its class.
(class_statement
  .
  (simple_name) @_class
  (class_method_definition
    (simple_name) @name) @definition.constructor
  (#eq? @_class @name))

(class_method_definition
  (simple_name) @name) @definition.method

(class_property_definition
  (variable) @name) @definition.field

(enum_statement
  .
  (simple_name) @name) @definition.enum

(enum_member
  (simple_name) @name) @definition.constant
