[
  (annotation_type_declaration
    body: (_) @unit.body)
  (class_declaration
    body: (_) @unit.body)
  (compact_constructor_declaration
    body: (_) @unit.body)
  (constructor_declaration
    body: (_) @unit.body)
  (enum_declaration
    body: (_) @unit.body)
  (interface_declaration
    body: (_) @unit.body)
  (method_declaration
    body: (_) @unit.body)
  (record_declaration
    body: (_) @unit.body)
] @unit

[
  (method_declaration)
  (module_declaration)
  (static_initializer)
] @unit

[
  (block_comment)
  (line_comment)
] @lead
