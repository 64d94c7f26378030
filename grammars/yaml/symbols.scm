; Keys of the two outermost levels: deeper ones are values rather than names.
(document
  (block_node
    (block_mapping
      (block_mapping_pair
        key: (flow_node) @name) @definition.property)))

(document
  (block_node
    (block_mapping
      (block_mapping_pair
        value: (block_node
          (block_mapping
            (block_mapping_pair
              key: (flow_node) @name) @definition.property))))))

; Plays and the like: a list of entries that each have a name.
(document
  (block_node
    (block_sequence
      (block_sequence_item
        (block_node
          (block_mapping
            (block_mapping_pair
              key: (flow_node) @_key
              value: (flow_node) @name))))  @definition.section))
  (#eq? @_key "name"))
