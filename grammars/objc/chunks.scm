(class_implementation
  .
  (identifier) @unit.name) @unit

(class_interface
  .
  (identifier) @unit.name
  category: (identifier)) @unit

[
  (class_interface)
  (protocol_declaration)
] @unit

(method_definition
  (compound_statement) @unit.body) @unit
