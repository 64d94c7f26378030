((call
  method: (identifier) @_require
  arguments: (argument_list
    .
    (string
      (string_content) @reference.import)))
  (#any-of? @_require "load" "require" "require_relative"))

(call
  method: [
    (constant)
    (identifier)
  ] @reference.call)

(superclass
  [
    (constant) @reference.type
    (scope_resolution
      name: (constant) @reference.type)
  ])

(constant) @reference.type

; A symbol names a method where one is handed over: `before_action :authorize`.
(argument_list
  (simple_symbol) @reference.use)
