(import
  module: (module) @reference.import)

(import_name
  (_) @reference.import)

(apply
  function: [
    (variable) @reference.call
    (constructor) @reference.call
    (qualified
      id: (_) @reference.call)
  ])

; A function given to another: `map worth`.
(apply
  argument: (variable) @reference.use)

(infix
  operator: (infix_id
    (variable) @reference.call))

(infix
  left_operand: (variable) @reference.use)

(infix
  right_operand: (variable) @reference.use)

(match
  expression: (variable) @reference.use)

(signature
  type: (name) @reference.type)

(function
  parameter: (name) @reference.type)

(function
  result: (name) @reference.type)

(apply
  constructor: [
    (name) @reference.type
    (qualified
      id: (name) @reference.type)
  ])

(apply
  argument: (name) @reference.type)

(list
  element: (name) @reference.type)

(tuple
  element: (name) @reference.type)

(field
  type: (name) @reference.type)

(prefix
  field: (name) @reference.type)

(instance
  name: (name) @reference.type)

(type_patterns
  (name) @reference.type)

(deriving
  classes: [
    (name) @reference.type
    (tuple
      (name) @reference.type)
  ])
