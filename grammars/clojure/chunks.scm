((source
  (list_lit
    .
    (sym_lit) @_form) @unit)
  (#match? @_form "^(?:ns|(?:\\S+/)?def\\S*|extend-\\S+|comment)$"))

(comment) @lead
