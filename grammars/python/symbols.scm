(class_definition
  name: (identifier) @name) @definition.class

(class_definition
  body: (block
    [
      (function_definition
        name: (identifier) @name) @definition.constructor
      (decorated_definition
        definition: (function_definition
          name: (identifier) @name) @definition.constructor)
    ])
  (#eq? @name "__init__"))

(class_definition
  body: (block
    [
      (function_definition
        name: (identifier) @name) @definition.method
      (decorated_definition
        definition: (function_definition
          name: (identifier) @name) @definition.method)
    ]))

(function_definition
  name: (identifier) @name) @definition.function

(class_definition
  body: (block
    (expression_statement
      (assignment
        left: (identifier) @name) @definition.field)))

((module
  (expression_statement
    (assignment
      left: (identifier) @name) @definition.constant))
  (#match? @name "^_*[A-Z][A-Z0-9_]*$"))

(module
  (expression_statement
    (assignment
      left: (identifier) @name) @definition.variable))

(type_alias_statement
  left: (type
    (identifier) @name)) @definition.type
