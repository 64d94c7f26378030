(function_declaration
  name: [
    (dot_index_expression
      table: (_) @container
      field: (identifier) @name)
    (method_index_expression
      table: (_) @container
      method: (identifier) @name)
  ]) @definition.method

(function_declaration
  name: (identifier) @name) @definition.function

(chunk
  [
    (assignment_statement
      (variable_list
        name: (identifier) @name)
      (expression_list
        value: (function_definition))) @definition.function
    (variable_declaration
      (assignment_statement
        (variable_list
          name: (identifier) @name)
        (expression_list
          value: (function_definition)))) @definition.function
  ])

(assignment_statement
  (variable_list
    name: (dot_index_expression
      table: (_) @container
      field: (identifier) @name))
  (expression_list
    value: (function_definition))) @definition.method

(field
  name: (identifier) @name
  value: (function_definition)) @definition.method

(chunk
  [
    (assignment_statement
      (variable_list
        name: (identifier) @name)) @definition.variable
    (variable_declaration
      (assignment_statement
        (variable_list
          name: (identifier) @name))) @definition.variable
  ])

(chunk
  (assignment_statement
    (variable_list
      name: (dot_index_expression
        table: (_) @container
        field: (identifier) @name))) @definition.field)
