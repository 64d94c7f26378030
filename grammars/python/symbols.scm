(class_definition
  name: (identifier) @name) @definition.class

((function_definition
  name: (identifier) @name) @definition.constructor
  (#eq? @name "__init__"))

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
