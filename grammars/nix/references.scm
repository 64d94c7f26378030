((apply_expression
  function: (variable_expression) @_function
  argument: [
    (path_expression) @reference.import
    (spath_expression) @reference.import
  ])
  (#match? @_function "^(?:import|callPackage)$"))

((apply_expression
  function: (select_expression
    attrpath: (attrpath) @_function)
  argument: (path_expression) @reference.import)
  (#eq? @_function "callPackage"))

(apply_expression
  function: [
    (variable_expression
      name: (identifier) @reference.call)
    (select_expression
      attrpath: (attrpath
        attr: (identifier) @reference.call .))
  ])

(apply_expression
  argument: (variable_expression
    name: (identifier) @reference.use))

(binding
  expression: (variable_expression
    name: (identifier) @reference.use))

(interpolation
  expression: (variable_expression
    name: (identifier) @reference.use))

(select_expression
  expression: (variable_expression
    name: (identifier) @reference.use))
