(command
  name: (command_name
    (word) @reference.call))

(command
  name: (command_name) @_command
  argument: [
    (word) @reference.import
    (string
      (string_content) @reference.import)
    (concatenation
      (word) @reference.import)
  ]
  (#any-of? @_command "source" "."))

(command
  name: (command_name) @_command
  .
  argument: (word) @reference.use
  (#eq? @_command "trap"))

; Only names in capitals: the others are local to their function.
((variable_name) @reference.use
  (#match? @reference.use "^[A-Z][A-Z0-9_]+$"))
