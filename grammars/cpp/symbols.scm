(class_specifier
  name: [
    (type_identifier) @name
    (template_type
      name: (type_identifier) @name)
    (qualified_identifier
      name: (type_identifier) @name)
  ]
  body: (_)) @definition.class

(struct_specifier
  name: (template_type
    name: (type_identifier) @name)
  body: (_)) @definition.class

(namespace_definition
  name: (_) @name) @definition.module

; Defined outside of its class: the class is told by the name.
(function_definition
  declarator: [
    (function_declarator
      declarator: (qualified_identifier
        scope: [
          (namespace_identifier) @container
          (template_type
            name: (type_identifier) @container)
        ]
        name: [
          (destructor_name) @name
          (identifier) @name
          (operator_name) @name
        ]))
    (pointer_declarator
      (function_declarator
        declarator: (qualified_identifier
          scope: [
            (namespace_identifier) @container
            (template_type
              name: (type_identifier) @container)
          ]
          name: (identifier) @name)))
    (reference_declarator
      (function_declarator
        declarator: (qualified_identifier
          scope: [
            (namespace_identifier) @container
            (template_type
              name: (type_identifier) @container)
          ]
          name: [
            (identifier) @name
            (operator_name) @name
          ])))
  ]) @definition.method

(function_definition
  declarator: (function_declarator
    declarator: (qualified_identifier
      scope: (_)
      name: (qualified_identifier
        scope: (_) @container
        name: [
          (destructor_name) @name
          (identifier) @name
          (operator_name) @name
        ])))) @definition.method

; Inside its class, defined or declared.
(function_definition
  declarator: [
    (function_declarator
      declarator: [
        (field_identifier) @name
        (destructor_name) @name
      ])
    (pointer_declarator
      (function_declarator
        declarator: (field_identifier) @name))
    (reference_declarator
      (function_declarator
        declarator: [
          (field_identifier) @name
          (operator_name) @name
        ]))
  ]) @definition.method

(field_declaration
  declarator: [
    (function_declarator
      declarator: [
        (field_identifier) @name
        (operator_name) @name
      ])
    (pointer_declarator
      (function_declarator
        declarator: (field_identifier) @name))
    (reference_declarator
      (function_declarator
        declarator: [
          (field_identifier) @name
          (operator_name) @name
        ]))
  ]) @definition.method

(field_declaration_list
  (function_definition
    declarator: (function_declarator
      declarator: [
        (identifier) @name
        (operator_name) @name
      ])) @definition.constructor)

(field_declaration_list
  (declaration
    declarator: (function_declarator
      declarator: (identifier) @name)) @definition.constructor)

(field_declaration_list
  (declaration
    declarator: (function_declarator
      declarator: (destructor_name) @name)) @definition.method)

(function_definition
  declarator: [
    (function_declarator
      declarator: (operator_name) @name)
    (reference_declarator
      (function_declarator
        declarator: [
          (identifier) @name
          (operator_name) @name
        ]))
  ]) @definition.function

(alias_declaration
  name: (type_identifier) @name) @definition.type

(concept_definition
  name: (identifier) @name) @definition.type

(field_declaration
  declarator: (reference_declarator
    (field_identifier) @name)) @definition.field

; `int count = 0;` in a class reads like a pure virtual function.
(function_definition
  declarator: (field_identifier) @name
  (pure_virtual_clause)) @definition.field

(declaration_list
  (declaration
    declarator: (init_declarator
      declarator: (identifier) @name)) @definition.variable)
