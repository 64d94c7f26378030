[
  (class_definition
    body: (_) @unit.body)
  (enum_definition
    body: (_) @unit.body)
  (extension_definition
    body: (_) @unit.body)
  (function_definition
    body: (_) @unit.body)
  (given_definition
    body: (template_body) @unit.body)
  (object_definition
    body: (_) @unit.body)
  (package_object
    body: (_) @unit.body)
  (trait_definition
    body: (_) @unit.body)
] @unit

[
  (class_definition)
  (function_declaration)
  (given_definition)
  (object_definition)
  (trait_definition)
  (type_definition)
] @unit

[
  (block_comment)
  (comment)
] @lead
