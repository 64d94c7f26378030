(function_definition
  body: (_) @unit.body) @unit

(type_definition
  type: [
    (enum_specifier
      body: (_) @unit.body)
    (struct_specifier
      body: (_) @unit.body)
    (union_specifier
      body: (_) @unit.body)
  ]) @unit

[
  (enum_specifier
    body: (_) @unit.body)
  (struct_specifier
    body: (_) @unit.body)
  (union_specifier
    body: (_) @unit.body)
] @unit

[
  (preproc_function_def)
  (type_definition)
] @unit

(translation_unit
  (declaration) @unit)

(comment) @lead
