(function_definition
  name: (word) @name) @definition.function

(program
  (variable_assignment
    name: (variable_name) @name) @definition.variable)

(program
  (declaration_command
    "readonly"
    (variable_assignment
      name: (variable_name) @name) @definition.constant))

(program
  (declaration_command
    [
      "declare"
      "export"
      "typeset"
    ]
    (variable_assignment
      name: (variable_name) @name) @definition.variable))
