; An extension belongs to the type that it extends.
(class_declaration
  "extension"
  name: (user_type) @unit.name
  body: (_) @unit.body) @unit

; Operators have no name here; other functions come with their symbols.
(function_declaration) @unit

[
  (class_declaration
    body: (_) @unit.body)
  (deinit_declaration
    body: (_) @unit.body)
  (protocol_declaration
    body: (_) @unit.body)
  (property_declaration
    computed_value: (_) @unit.body)
  (subscript_declaration
    (computed_property) @unit.body)
] @unit

(source_file
  (property_declaration) @unit)

(typealias_declaration) @unit

[
  (comment)
  (multiline_comment)
] @lead
