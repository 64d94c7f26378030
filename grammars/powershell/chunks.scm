(function_statement
  (script_block) @unit.body) @unit

(class_statement) @unit

(class_method_definition
  (script_block) @unit.body) @unit

(enum_statement) @unit

(comment) @lead
