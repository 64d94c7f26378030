(binding
  expression: [
    (apply_expression)
    (attrset_expression)
    (function_expression)
    (indented_string_expression)
    (let_expression)
    (list_expression)
    (rec_attrset_expression)
    (with_expression)
  ] @unit.body) @unit

(comment) @lead
