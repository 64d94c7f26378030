(import
  module: (module) @reference.import)

(unqualified_import
  name: (_) @reference.import)

(function_call
  function: [
    (identifier) @reference.call
    (field_access
      field: (label) @reference.call)
  ])

(record
  name: (constructor_name) @reference.call)

(record_pattern
  name: (constructor_name) @reference.use)

(argument
  value: (identifier) @reference.use)

(type
  name: (type_identifier) @reference.type)
