(class_definition
  body: (_) @unit.body) @unit

(mixin_declaration
  (class_body) @unit.body) @unit

(extension_declaration
  body: (_) @unit.body) @unit

(enum_declaration
  body: (_) @unit.body) @unit

(type_alias) @unit

; A function's head and its body stand side by side: both are the unit.
((function_signature) @unit
  .
  (function_body) @unit @unit.body)

((method_signature) @unit
  .
  (function_body) @unit @unit.body)

[
  (annotation)
  (comment)
  (documentation_comment)
] @lead
