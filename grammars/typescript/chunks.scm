[
  (abstract_class_declaration
    body: (_) @unit.body)
  (class_declaration
    body: (_) @unit.body)
  (enum_declaration
    body: (_) @unit.body)
  (interface_declaration
    body: (_) @unit.body)
  (internal_module
    body: (_) @unit.body)
  (module
    body: (_) @unit.body)
  (function_declaration
    body: (_) @unit.body)
  (generator_function_declaration
    body: (_) @unit.body)
  (method_definition
    body: (_) @unit.body)
] @unit

(export_statement
  declaration: [
    (abstract_class_declaration
      body: (_) @unit.body)
    (class_declaration
      body: (_) @unit.body)
    (enum_declaration
      body: (_) @unit.body)
    (interface_declaration
      body: (_) @unit.body)
    (internal_module
      body: (_) @unit.body)
    (function_declaration
      body: (_) @unit.body)
    (generator_function_declaration
      body: (_) @unit.body)
  ]) @unit

(export_statement
  value: [
    (arrow_function
      body: (_) @unit.body)
    (class
      body: (_) @unit.body)
    (function_expression
      body: (_) @unit.body)
  ]) @unit

; Functions and values that a file gives a name to.
(program
  [
    (lexical_declaration
      (variable_declarator
        value: [
          (arrow_function
            body: (statement_block) @unit.body)
          (class
            body: (_) @unit.body)
          (function_expression
            body: (_) @unit.body)
        ]))
    (variable_declaration
      (variable_declarator
        value: [
          (arrow_function
            body: (statement_block) @unit.body)
          (class
            body: (_) @unit.body)
          (function_expression
            body: (_) @unit.body)
        ]))
  ] @unit)

(program
  [
    (lexical_declaration)
    (variable_declaration)
  ] @unit)

(export_statement
  declaration: (lexical_declaration
    (variable_declarator
      value: [
        (arrow_function
          body: (statement_block) @unit.body)
        (class
          body: (_) @unit.body)
        (function_expression
          body: (_) @unit.body)
      ]))) @unit

(export_statement
  declaration: (lexical_declaration)) @unit

(program
  (expression_statement
    (assignment_expression
      right: [
        (arrow_function
          body: (_) @unit.body)
        (class
          body: (_) @unit.body)
        (function_expression
          body: (_) @unit.body)
      ])) @unit)

(pair
  value: [
    (arrow_function
      body: (statement_block) @unit.body)
    (function_expression
      body: (_) @unit.body)
  ]) @unit

; A test case is called by its title.
((expression_statement
  (call_expression
    function: [
      (identifier) @_test
      (member_expression
        object: (identifier) @_test)
    ]
    arguments: (arguments
      .
      (string
        (string_fragment) @unit.name)
      [
        (arrow_function
          body: (statement_block) @unit.body)
        (function_expression
          body: (_) @unit.body)
      ]))) @unit
  (#any-of? @_test "describe" "it" "suite" "test"))

[
  (comment)
  (decorator)
] @lead

(public_field_definition
  value: (arrow_function
    body: (statement_block) @unit.body)) @unit

(type_alias_declaration) @unit

(export_statement
  declaration: (type_alias_declaration)) @unit

(ambient_declaration) @unit

(ambient_declaration
  [
    (class_declaration
      body: (_) @unit.body)
    (interface_declaration
      body: (_) @unit.body)
    (module
      body: (_) @unit.body)
  ]) @unit

(function_signature) @unit
