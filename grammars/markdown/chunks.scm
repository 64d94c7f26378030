(section
  .
  (atx_heading)) @unit

; A heading by underlining makes no section of its own in the tree: the unit is the heading, a chunk begins there.
(setext_heading) @unit
