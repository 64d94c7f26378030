(script_element) @unit

(style_element) @unit

(template_element) @unit

(template_element
  (element) @unit)

(comment) @lead
