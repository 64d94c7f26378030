; What is named with its schema lies in it: billing.invoice.
(create_table
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.table

(create_view
  (keyword_view)
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.table

(create_materialized_view
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.table

(create_table
  (column_definitions
    (column_definition
      name: (identifier) @name) @definition.field))

(create_type
  (keyword_type)
  .
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.type

(create_function
  (keyword_function)
  .
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.function

(create_trigger
  (keyword_trigger)
  .
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.function

(create_schema
  (identifier) @name) @definition.module

(create_sequence
  (object_reference
    schema: (identifier)? @container
    name: (identifier) @name)) @definition.variable

(create_index
  column: (identifier) @name) @definition.property
