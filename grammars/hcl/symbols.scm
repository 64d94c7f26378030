; resource "type" "name", data "type" "name"
((block
  .
  (identifier) @_block
  .
  (string_lit
    (template_literal) @container)
  .
  (string_lit
    (template_literal) @name)) @definition.variable
  (#any-of? @_block "data" "ephemeral" "resource"))

((block
  .
  (identifier) @_block
  .
  (string_lit
    (template_literal) @name)) @definition.variable
  (#eq? @_block "variable"))

((block
  .
  (identifier) @_block
  .
  (string_lit
    (template_literal) @name)) @definition.module
  (#any-of? @_block "module" "provider"))

((block
  .
  (identifier) @_block
  .
  (string_lit
    (template_literal) @name)) @definition.property
  (#eq? @_block "output"))

((block
  .
  (identifier) @_block
  (body
    (attribute
      .
      (identifier) @name) @definition.variable))
  (#eq? @_block "locals"))

; Labelled blocks of every other schema: job "x", group "y".
((block
  .
  (identifier) @_block
  .
  (string_lit
    (template_literal) @name)) @definition.section
  (#not-any-of? @_block "data" "ephemeral" "resource"))

; Values of variables.
(config_file
  (body
    (attribute
      .
      (identifier) @name) @definition.property))
