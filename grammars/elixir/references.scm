((call
  target: (identifier) @_keyword
  (arguments
    .
    (alias) @reference.import))
  (#any-of? @_keyword "alias" "import" "require" "use"))

((call
  target: (identifier) @reference.call)
  (#not-any-of? @reference.call
    "alias" "callback" "case" "cond" "def" "defdelegate" "defexception" "defguard" "defguardp" "defimpl" "defmacro"
    "defmacrop" "defmodule" "defp" "defprotocol" "defstruct" "deprecated" "doc" "for" "if" "impl" "import" "moduledoc"
    "opaque" "quote" "raise" "receive" "require" "spec" "tag" "try" "type" "typedoc" "typep" "unless" "unquote" "use"
    "with"))

(call
  target: (dot
    right: (identifier) @reference.call))

(binary_operator
  operator: "|>"
  right: (identifier) @reference.call)

(alias) @reference.type

; @attribute
(unary_operator
  operator: "@"
  operand: (identifier) @reference.use)
