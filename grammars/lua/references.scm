((function_call
  name: (identifier) @_require
  arguments: (arguments
    (string
      content: (string_content) @reference.import)))
  (#any-of? @_require "dofile" "require"))

(function_call
  name: [
    (identifier) @reference.call
    (dot_index_expression
      field: (identifier) @reference.call)
    (method_index_expression
      method: (identifier) @reference.call)
  ])

(arguments
  [
    (identifier) @reference.use
    (dot_index_expression
      field: (identifier) @reference.use)
  ])
