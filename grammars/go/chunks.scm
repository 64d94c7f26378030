[
  (function_declaration
    body: (_) @unit.body)
  (method_declaration
    body: (_) @unit.body)
] @unit

(source_file
  (type_declaration
    (type_spec
      type: [
        (interface_type)
        (struct_type
          (field_declaration_list) @unit.body)
      ])) @unit)

(source_file
  [
    (const_declaration)
    (type_declaration)
    (var_declaration)
  ] @unit)

(comment) @lead
