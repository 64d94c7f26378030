(import_clause
  moduleName: (upper_case_qid) @reference.import)

(import_clause
  exposing: (exposing_list
    (exposed_value
      (lower_case_identifier) @reference.import)))

(function_call_expr
  target: (value_expr
    name: (value_qid
      (lower_case_identifier) @reference.call .)))

(function_call_expr
  target: (value_expr
    name: (upper_case_qid
      (upper_case_identifier) @reference.call .)))

; A function or a message given to another.
(function_call_expr
  arg: (value_expr
    name: (_
      (_) @reference.use .)))

(union_pattern
  constructor: (upper_case_qid
    (upper_case_identifier) @reference.use .))

(type_ref
  (upper_case_qid
    (upper_case_identifier) @reference.type .))
