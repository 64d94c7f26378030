(binary_operator
  rhs: (function_definition
    body: (_) @unit.body)) @unit

((call
  function: (identifier) @_function) @unit
  (#any-of? @_function "R6Class" "setClass" "setGeneric" "setMethod" "setRefClass" "setValidity" "test_that"))

(comment) @lead
