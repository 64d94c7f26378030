; Anchored throughout: a pattern that may still match later stays open for the whole element.
((element
  .
  (start_tag
    .
    (tag_name) @_tag)) @unit
  (#any-of? @_tag
    "article" "aside" "dialog" "dl" "fieldset" "footer" "form" "head" "header" "main" "nav" "ol" "section" "table"
    "template" "ul"))

(script_element) @unit

(style_element) @unit

(comment) @lead
