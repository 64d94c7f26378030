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

((declaration
  (property_name) @name) @definition.variable
  (#match? @name "^--"))

(keyframes_statement
  (keyframes_name) @name) @definition.function
