(table) @unit

(table_array_element) @unit

(document
  (pair) @unit)

(comment) @lead
