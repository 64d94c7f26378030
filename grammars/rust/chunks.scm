[
  (enum_item
    body: (_) @unit.body)
  (function_item
    body: (_) @unit.body)
  (mod_item
    body: (_) @unit.body)
  (struct_item
    body: (field_declaration_list) @unit.body)
  (trait_item
    body: (_) @unit.body)
  (union_item
    body: (_) @unit.body)
] @unit

; What is in an implementation belongs to its type.
(impl_item
  type: [
    (type_identifier) @unit.name
    (generic_type
      type: (type_identifier) @unit.name)
    (scoped_type_identifier
      name: (type_identifier) @unit.name)
    (reference_type
      type: (type_identifier) @unit.name)
  ]
  body: (_) @unit.body) @unit

[
  (const_item)
  (foreign_mod_item)
  (function_signature_item)
  (impl_item)
  (macro_definition)
  (static_item)
  (struct_item)
  (type_item)
] @unit

[
  (attribute_item)
  (block_comment)
  (line_comment)
] @lead
