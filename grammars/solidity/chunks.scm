(contract_declaration
  body: (_) @unit.body) @unit

(interface_declaration
  body: (_) @unit.body) @unit

(library_declaration
  body: (_) @unit.body) @unit

(function_definition
  body: (_)? @unit.body) @unit

(constructor_definition
  body: (_)? @unit.body) @unit

(modifier_definition
  body: (_)? @unit.body) @unit

(fallback_receive_definition
  body: (_)? @unit.body) @unit

(struct_declaration
  body: (_) @unit.body) @unit

(enum_declaration
  body: (_) @unit.body) @unit

(comment) @lead
