(binary_operator
  lhs: [
    (identifier) @name
    (string
      content: (string_content) @name)
  ]
  rhs: (function_definition)) @definition.function

((binary_operator
  lhs: (identifier) @name
  rhs: (call
    function: [
      (identifier) @_function
      (namespace_operator
        rhs: (identifier) @_function)
    ])) @definition.class
  (#any-of? @_function "R6Class" "setRefClass"))

((call
  function: (identifier) @_function
  arguments: (arguments
    .
    (argument
      value: (string
        content: (string_content) @name)))) @definition.class
  (#eq? @_function "setClass"))

((call
  function: (identifier) @_function
  arguments: (arguments
    .
    (argument
      value: (string
        content: (string_content) @name)))) @definition.function
  (#eq? @_function "setGeneric"))

((call
  function: (identifier) @_function
  arguments: (arguments
    .
    (argument
      value: (string
        content: (string_content) @name))
    .
    (comma)
    .
    (argument
      value: (string
        content: (string_content) @container))?)) @definition.method
  (#eq? @_function "setMethod"))

; Everything else that is bound at the top level.
(program
  (binary_operator
    lhs: (identifier) @name
    operator: [
      "<-"
      "<<-"
      "="
    ]) @definition.variable)
