(function_definition
  name: (identifier) @name) @definition.function

(package_statement
  (package_name) @name) @definition.module

((variable_declaration
  (scope) @_scope
  variable_name: (_) @name) @definition.variable
  (#eq? @_scope "our"))

(use_constant_statement
  constant: (identifier) @name) @definition.constant
