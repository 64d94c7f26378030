(block
  (body)? @unit.body) @unit

(config_file
  (body
    (attribute) @unit))

(comment) @lead
