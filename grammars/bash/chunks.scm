(function_definition
  body: (_) @unit.body) @unit

(comment) @lead
