(relation
  (object_reference
    name: (identifier) @reference.use))

(insert
  (object_reference
    name: (identifier) @reference.use))

(alter_table
  (object_reference
    name: (identifier) @reference.use))

(create_index
  (object_reference
    name: (identifier) @reference.use))

(from
  (object_reference
    name: (identifier) @reference.use))

; Foreign keys.
(column_definition
  (keyword_references)
  (object_reference
    name: (identifier) @reference.use))

(constraint
  (keyword_references)
  (object_reference
    name: (identifier) @reference.use))

(invocation
  (object_reference
    name: (identifier) @reference.call))

(create_trigger
  (keyword_on)
  .
  (object_reference
    name: (identifier) @reference.use))

(create_trigger
  (keyword_execute)
  (object_reference
    name: (identifier) @reference.call) .)
