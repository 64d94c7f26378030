(rule_set
  (block) @unit.body) @unit

(media_statement
  (block) @unit.body) @unit

(supports_statement
  (block) @unit.body) @unit

(at_rule
  (block) @unit.body) @unit

(keyframes_statement
  (keyframe_block_list) @unit.body) @unit

(comment) @lead
