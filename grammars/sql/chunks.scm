(create_table
  (column_definitions)? @unit.body) @unit

(create_view
  (create_query) @unit.body) @unit

(create_materialized_view
  (create_query) @unit.body) @unit

(create_function
  (function_body) @unit.body) @unit

[
  (create_index)
  (create_trigger)
  (create_type)
  (alter_table)
] @unit

[
  (comment)
  (marginalia)
] @lead
