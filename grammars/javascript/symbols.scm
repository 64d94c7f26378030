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

(field_definition
  property: [
    (property_identifier)
    (private_property_identifier)
  ] @name) @definition.field
