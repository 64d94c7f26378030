(function_definition
  body: (_) @unit.body) @unit

[
  (comments)
  (pod_statement)
] @lead
