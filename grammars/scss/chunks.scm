(rule_set
  (block) @unit.body) @unit

(placeholder
  (block) @unit.body) @unit

(mixin_statement
  (block) @unit.body) @unit

(function_statement
  (block) @unit.body) @unit

(media_statement
  (block) @unit.body) @unit

(supports_statement
  (block) @unit.body) @unit

(at_rule
  (block) @unit.body) @unit

(keyframes_statement
  (keyframe_block_list) @unit.body) @unit

[
  (comment)
  (single_line_comment)
] @lead
