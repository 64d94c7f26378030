(use_no_statement
  package_name: (package_name) @reference.import)

(require_statement
  package_name: (package_name) @reference.import)

(call_expression_with_args_with_brackets
  (call_expression_with_bareword
    function_name: (identifier) @reference.call)
  args: (_))

(call_expression_with_spaced_args
  (call_expression_with_bareword
    function_name: (identifier) @reference.call))

(method_invocation
  function_name: (identifier) @reference.call)

(method_invocation
  package_name: (_) @reference.type)
