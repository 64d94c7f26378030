(function_declaration
  body: (_) @unit.body) @unit

(function_declaration) @unit

(chunk
  [
    (assignment_statement
      (expression_list
        value: (function_definition
          body: (_) @unit.body)))
    (variable_declaration
      (assignment_statement
        (expression_list
          value: (function_definition
            body: (_) @unit.body))))
  ] @unit)

(chunk
  [
    (assignment_statement)
    (variable_declaration)
  ] @unit)

(field
  value: (function_definition
    body: (_) @unit.body)) @unit

(comment) @lead
