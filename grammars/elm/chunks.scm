(file
  (value_declaration
    body: (_) @unit.body) @unit)

(type_alias_declaration) @unit

(type_declaration) @unit

(port_annotation) @unit

(file
  (type_annotation) @lead)

[
  (block_comment)
  (line_comment)
] @lead
