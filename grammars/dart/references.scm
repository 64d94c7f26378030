(import_specification
  (configurable_uri) @reference.import)

(part_directive
  (uri) @reference.import)

(type_identifier) @reference.type

; `f(x)`: a name and behind it its arguments.
((identifier) @reference.call
  .
  (selector
    (argument_part)))

; `book.add(x)`
((selector
  (unconditional_assignable_selector
    (identifier) @reference.call))
  .
  (selector
    (argument_part)))

; `book.length`: a getter perhaps.
(selector
  (unconditional_assignable_selector
    (identifier) @reference.use))

(annotation
  name: (identifier) @reference.use)
