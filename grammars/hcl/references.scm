(function_call
  (identifier) @reference.call)

; aws_instance.api, var.region, module.network
((variable_expr)
  .
  (get_attr
    (identifier) @reference.use))

; data.aws_ami.base
((variable_expr) @_root
  .
  (get_attr)
  .
  (get_attr
    (identifier) @reference.use)
  (#eq? @_root "data"))

((attribute
  .
  (identifier) @_attribute
  (expression
    (literal_value
      (string_lit
        (template_literal) @reference.import))))
  (#eq? @_attribute "source"))
