[
  (data_family)
  (data_instance)
  (data_type)
  (deriving_instance)
  (foreign_import)
  (newtype)
  (pattern_synonym)
  (type_family)
  (type_instance)
  (type_synomym)
] @unit

(class
  declarations: (_)? @unit.body) @unit

(instance
  declarations: (_)? @unit.body) @unit

; The equations of one function are nodes of their own; its type signature leads the first of them.
(declarations
  [
    (bind)
    (function)
  ] @unit)

(declarations
  (signature) @lead)

[
  (comment)
  (fixity)
  (haddock)
  (kind_signature)
  (pragma)
] @lead
