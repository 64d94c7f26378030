[
  (class_declaration
    body: (_) @unit.body)
  (enum_declaration
    body: (_) @unit.body)
  (function_definition
    body: (_) @unit.body)
  (interface_declaration
    body: (_) @unit.body)
  (method_declaration
    body: (_) @unit.body)
  (namespace_definition
    body: (_) @unit.body)
  (trait_declaration
    body: (_) @unit.body)
] @unit

(method_declaration) @unit

[
  (attribute_list)
  (comment)
] @lead
