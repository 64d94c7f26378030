; The classes and ids that a rule is about, wherever in the selector they stand.
(rule_set
  (selectors
    [
      (class_selector
        (class_name) @name)
      (_
        (class_selector
          (class_name) @name))
      (_
        (_
          (class_selector
            (class_name) @name)))
    ])) @definition.class

(placeholder
  (name) @name
  (block)) @definition.class

(rule_set
  (selectors
    [
      (id_selector
        (id_name) @name)
      (_
        (id_selector
          (id_name) @name))
      (_
        (_
          (id_selector
            (id_name) @name)))
    ])) @definition.property

(mixin_statement
  (name) @name) @definition.macro

(function_statement
  (name) @name) @definition.function

((declaration
  (property_name) @name) @definition.variable
  (#match? @name "^--"))

(stylesheet
  (declaration
    (variable_name) @name) @definition.variable)

(keyframes_statement
  (keyframes_name) @name) @definition.function
