; The head of a list is what is called.
((list_lit
  .
  (sym_lit
    name: (sym_name) @reference.call))
  (#not-match? @reference.call "^(?:ns|def\\S*|let|if|when|do|fn|loop|recur|cond|case|\\w+\\.\\S*)$"))

; Namespaces in (:require [a.b :as c]) and classes in (:import (java.time LocalDate)).
((list_lit
  .
  (kwd_lit) @_clause
  [
    (vec_lit
      .
      (sym_lit
        name: (sym_name) @reference.import))
    (sym_lit
      name: (sym_name) @reference.import)
    (list_lit
      (sym_lit
        name: (sym_name) @reference.import))
  ])
  (#any-of? @_clause ":import" ":require" ":use"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @reference.type))
  (#any-of? @_form "extend-protocol" "extend-type"))
