(class_declaration
  name: (_) @name) @definition.class

((method_definition
  name: (property_identifier) @name) @definition.constructor
  (#eq? @name "constructor"))

(method_definition
  name: [
    (property_identifier)
    (private_property_identifier)
  ] @name) @definition.method

(function_declaration
  name: (identifier) @name) @definition.function

(generator_function_declaration
  name: (identifier) @name) @definition.function

(pair
  key: (property_identifier) @name
  value: [
    (arrow_function
      body: (statement_block))
    (function_expression)
  ]) @definition.method

; What a file gives a name to; names inside functions are nobody else's.
([
  (program
    (lexical_declaration
      (variable_declarator
        name: (identifier) @name
        value: [
          (arrow_function)
          (function_expression)
          (generator_function)
        ])) @definition.function)
  (export_statement
    declaration: (lexical_declaration
      (variable_declarator
        name: (identifier) @name
        value: [
          (arrow_function)
          (function_expression)
          (generator_function)
        ])) @definition.function)
  (program
    (variable_declaration
      (variable_declarator
        name: (identifier) @name
        value: [
          (arrow_function)
          (function_expression)
          (generator_function)
        ])) @definition.function)
])

([
  (program
    (lexical_declaration
      (variable_declarator
        name: (identifier) @name
        value: (class))) @definition.class)
  (export_statement
    declaration: (lexical_declaration
      (variable_declarator
        name: (identifier) @name
        value: (class))) @definition.class)
])

[
  (program
    (lexical_declaration
      kind: "const"
      (variable_declarator
        name: (identifier) @name)) @definition.constant)
  (export_statement
    declaration: (lexical_declaration
      kind: "const"
      (variable_declarator
        name: (identifier) @name)) @definition.constant)
]

[
  (program
    (lexical_declaration
      kind: "let"
      (variable_declarator
        name: (identifier) @name)) @definition.variable)
  (export_statement
    declaration: (lexical_declaration
      kind: "let"
      (variable_declarator
        name: (identifier) @name)) @definition.variable)
  (program
    (variable_declaration
      (variable_declarator
        name: (identifier) @name)) @definition.variable)
]

(program
  (expression_statement
    (assignment_expression
      left: (member_expression
        property: (property_identifier) @name)
      right: [
        (arrow_function)
        (function_expression)
      ])) @definition.function)

(abstract_class_declaration
  name: (_) @name) @definition.class

(interface_declaration
  name: (_) @name) @definition.interface

(type_alias_declaration
  name: (_) @name) @definition.type

(enum_declaration
  name: (_) @name) @definition.enum

(enum_body
  [
    name: (property_identifier) @name
    (enum_assignment
      name: (property_identifier) @name)
  ] @definition.constant)

(internal_module
  name: (_) @name) @definition.module

(module
  name: [
    (identifier) @name
    (string
      (string_fragment) @name)
  ]) @definition.module

(abstract_method_signature
  name: (property_identifier) @name) @definition.method

(interface_body
  (method_signature
    name: (property_identifier) @name) @definition.method)

(interface_body
  (property_signature
    name: (property_identifier) @name) @definition.property)

(public_field_definition
  name: [
    (private_property_identifier)
    (property_identifier)
  ] @name) @definition.field

; A parameter with an access modifier is a field as well.
(required_parameter
  [
    (accessibility_modifier)
    "readonly"
  ]
  pattern: (identifier) @name) @definition.field

(function_signature
  name: (identifier) @name) @definition.function

(export_statement
  declaration: (ambient_declaration
    (lexical_declaration
      (variable_declarator
        name: (identifier) @name)) @definition.constant))

(program
  (ambient_declaration
    (lexical_declaration
      (variable_declarator
        name: (identifier) @name)) @definition.constant))
