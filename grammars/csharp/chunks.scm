[
  (class_declaration
    body: (_) @unit.body)
  (constructor_declaration
    body: (_) @unit.body)
  (conversion_operator_declaration
    body: (_) @unit.body)
  (destructor_declaration
    body: (_) @unit.body)
  (enum_declaration
    body: (_) @unit.body)
  (interface_declaration
    body: (_) @unit.body)
  (local_function_statement
    body: (_) @unit.body)
  (method_declaration
    body: (_) @unit.body)
  (namespace_declaration
    body: (_) @unit.body)
  (operator_declaration
    body: (_) @unit.body)
  (property_declaration
    accessors: (_) @unit.body)
  (record_declaration
    body: (_) @unit.body)
  (struct_declaration
    body: (_) @unit.body)
] @unit

[
  (class_declaration)
  (delegate_declaration)
  (indexer_declaration)
  (method_declaration)
  (property_declaration)
  (record_declaration)
  (struct_declaration)
] @unit

(comment) @lead
