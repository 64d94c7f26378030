(class_specifier
  body: (_) @unit.body) @unit

(namespace_definition
  body: (_) @unit.body) @unit

(template_declaration
  [
    (class_specifier
      body: (_) @unit.body)
    (function_definition
      body: (_) @unit.body)
    (struct_specifier
      body: (_) @unit.body)
  ]) @unit

[
  (alias_declaration)
  (concept_definition)
  (template_declaration)
] @unit

(declaration_list
  (declaration) @unit)
