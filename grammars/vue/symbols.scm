; The parts of a component. Script and style are opaque to this grammar.
(script_element
  (start_tag
    (tag_name) @name)) @definition.section

(template_element
  (start_tag
    (tag_name) @name)) @definition.section

(style_element
  (start_tag
    (tag_name) @name)) @definition.section
