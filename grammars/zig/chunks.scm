(function_declaration
  body: (_)? @unit.body) @unit

(variable_declaration
  [
    (enum_declaration)
    (error_set_declaration)
    (opaque_declaration)
    (struct_declaration)
    (union_declaration)
  ]) @unit

(test_declaration
  (block) @unit.body) @unit

(comment) @lead
