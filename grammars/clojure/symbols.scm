((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.function
  (#any-of? @_form "defn" "defn-" "defmulti" "deftest" "s/defn" "defhandler"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.method
  (#eq? @_form "defmethod"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.macro
  (#eq? @_form "defmacro"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.variable
  (#any-of? @_form "def" "defonce"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.class
  (#any-of? @_form "defrecord" "deftype" "defstruct"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.interface
  (#any-of? @_form "defprotocol" "definterface"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit)
  (list_lit
    .
    (sym_lit
      name: (sym_name) @name)) @definition.method)
  (#any-of? @_form "defprotocol" "definterface" "defrecord" "deftype"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @container)
  (list_lit
    .
    (sym_lit
      name: (sym_name) @name)) @definition.method)
  (#eq? @_form "extend-type"))

((list_lit
  .
  (sym_lit) @_form
  .
  (sym_lit
    name: (sym_name) @name)) @definition.module
  (#any-of? @_form "ns" "in-ns"))
