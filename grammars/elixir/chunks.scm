((call
  target: (identifier) @_keyword
  (arguments)
  (do_block) @unit.body) @unit
  (#any-of? @_keyword
    "def" "defimpl" "defmacro" "defmacrop" "defmodule" "defp" "defprotocol" "describe" "test"))

; `def total(lines), do: …`
((call
  target: (identifier) @_keyword
  (arguments)) @unit
  (#any-of? @_keyword "def" "defdelegate" "defguard" "defguardp" "defmacro" "defp" "defstruct"))

; Tests are called by their titles.
((call
  target: (identifier) @_keyword
  (arguments
    .
    (string
      (quoted_content) @unit.name))) @unit
  (#any-of? @_keyword "describe" "test"))

(comment) @lead

; @doc, @spec and the like stand before what they describe.
((unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute)) @lead
  (#any-of? @_attribute "deprecated" "doc" "impl" "spec" "tag"))
