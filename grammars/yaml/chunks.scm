(document
  (block_node
    (block_mapping
      (block_mapping_pair
        value: (_)? @unit.body) @unit)))

(document
  (block_node
    (block_mapping
      (block_mapping_pair
        value: (block_node
          (block_mapping
            (block_mapping_pair
              value: (_)? @unit.body) @unit))))))

(document
  (block_node
    (block_mapping
      (block_mapping_pair
        value: (block_node
          (block_sequence
            (block_sequence_item) @unit))))))

(document
  (block_node
    (block_sequence
      (block_sequence_item) @unit)))

(comment) @lead
