(let_expression
  (binding_set
    (binding
      attrpath: (attrpath) @name
      expression: (function_expression)) @definition.function))

(let_expression
  (binding_set
    (binding
      attrpath: (attrpath) @name) @definition.variable))

; What the file, or a function in it, evaluates to.
(_
  body: (attrset_expression
    (binding_set
      (binding
        attrpath: (attrpath) @name) @definition.property)))

(source_code
  (attrset_expression
    (binding_set
      (binding
        attrpath: (attrpath) @name) @definition.property)))
