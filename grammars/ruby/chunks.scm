[
  (class
    body: (_) @unit.body)
  (method
    body: (_) @unit.body)
  (module
    body: (_) @unit.body)
  (singleton_class
    body: (_) @unit.body)
  (singleton_method
    body: (_) @unit.body)
] @unit

[
  (class)
  (method)
] @unit

; `private def total`
((call
  arguments: (argument_list
    .
    (method
      body: (_) @unit.body)
    .)) @unit)

; A group of tests or a test is called by its title.
((call
  method: (identifier) @_test
  arguments: (argument_list
    .
    [
      (constant) @unit.name
      (string
        (string_content) @unit.name)
    ])
  block: (_
    body: (_) @unit.body)) @unit
  (#any-of? @_test "context" "describe" "it" "namespace" "specify" "task" "test"))

(comment) @lead
