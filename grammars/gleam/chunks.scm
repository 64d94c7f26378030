(function
  body: (_)? @unit.body) @unit

(type_definition
  (data_constructors)? @unit.body) @unit

(type_alias) @unit

[
  (attribute)
  (comment)
  (module_comment)
  (statement_comment)
] @lead
