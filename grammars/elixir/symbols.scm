((call
  target: (identifier) @_keyword
  (arguments
    .
    (alias) @name)) @definition.module
  (#any-of? @_keyword "defimpl" "defmodule"))

((call
  target: (identifier) @_keyword
  (arguments
    .
    (alias) @name)) @definition.interface
  (#eq? @_keyword "defprotocol"))

((call
  target: (identifier) @_keyword
  (arguments
    .
    [
      (identifier) @name
      (call
        target: (identifier) @name)
      (binary_operator
        left: [
          (identifier) @name
          (call
            target: (identifier) @name)
        ])
    ])) @definition.function
  (#any-of? @_keyword "def" "defdelegate" "defguard" "defguardp" "defp"))

((call
  target: (identifier) @_keyword
  (arguments
    .
    [
      (identifier) @name
      (call
        target: (identifier) @name)
      (binary_operator
        left: (call
          target: (identifier) @name))
    ])) @definition.macro
  (#any-of? @_keyword "defmacro" "defmacrop"))

((call
  target: (identifier) @_keyword
  (arguments
    (list
      (atom) @name @definition.field)))
  (#eq? @_keyword "defstruct"))

((call
  target: (identifier) @_keyword
  (arguments
    [
      (keywords
        (pair
          key: (keyword) @name) @definition.field)
      (list
        (keywords
          (pair
            key: (keyword) @name) @definition.field))
    ]))
  (#eq? @_keyword "defstruct"))

((unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute
    (arguments
      (binary_operator
        left: [
          (identifier) @name
          (call
            target: (identifier) @name)
        ])))) @definition.type
  (#any-of? @_attribute "opaque" "type" "typep"))

((unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @name)) @definition.constant
  (#not-any-of? @name
    "after_compile" "behaviour" "before_compile" "callback" "compile" "deprecated" "derive" "dialyzer" "doc"
    "enforce_keys" "external_resource" "impl" "macrocallback" "moduledoc" "moduletag" "on_load" "opaque"
    "optional_callbacks" "since" "spec" "tag" "type" "typedoc" "typep"))
