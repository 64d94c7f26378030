[
  (class_declaration
    [
      (class_body)
      (enum_class_body)
    ] @unit.body)
  (companion_object
    (class_body) @unit.body)
  (function_declaration
    (function_body) @unit.body)
  (object_declaration
    (class_body) @unit.body)
] @unit

[
  (anonymous_initializer)
  (class_declaration)
  (function_declaration)
  (object_declaration)
  (secondary_constructor)
  (type_alias)
] @unit

(source_file
  (property_declaration) @unit)

[
  (line_comment)
  (multiline_comment)
] @lead
