(class_definition
  body: (_) @unit.body) @unit

(function_definition
  body: (_) @unit.body) @unit

(decorated_definition
  definition: (_
    body: (_) @unit.body)) @unit

(module
  (expression_statement
    (assignment)) @unit)

(type_alias_statement) @unit

(comment) @lead
