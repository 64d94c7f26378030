((call
  function: (identifier) @_function
  arguments: (arguments
    .
    (argument
      value: [
        (identifier) @reference.import
        (string
          content: (string_content) @reference.import)
      ])))
  (#any-of? @_function "library" "require" "requireNamespace" "source"))

(call
  function: [
    (identifier) @reference.call
    (namespace_operator
      rhs: (identifier) @reference.call)
    (extract_operator
      rhs: (identifier) @reference.call)
  ])

(namespace_operator
  lhs: (identifier) @reference.import)

; A function or a value given to another: `lapply(wards, read_ward)`.
(argument
  value: (identifier) @reference.use)
