; With its angle brackets a name is one of the system's.
(preproc_include
  path: [
    (string_literal
      (string_content) @reference.import)
    (system_lib_string) @reference.import
  ])

(call_expression
  function: [
    (identifier) @reference.call
    (field_expression
      field: (field_identifier) @reference.call)
  ])

(type_identifier) @reference.type

(argument_list
  [
    (identifier) @reference.use
    (pointer_expression
      argument: (identifier) @reference.use)
  ])
