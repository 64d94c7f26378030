(class_definition
  name: (_) @name) @definition.class

[
  (object_definition
    name: (_) @name)
  (package_object
    name: (_) @name)
] @definition.module

(trait_definition
  name: (_) @name) @definition.interface

(enum_definition
  name: (_) @name) @definition.enum

[
  (full_enum_case
    name: (_) @name)
  (simple_enum_case
    name: (_) @name)
] @definition.constant

(type_definition
  name: (_) @name) @definition.type

[
  (function_declaration
    name: (_) @name)
  (function_definition
    name: (_) @name)
] @definition.function

(given_definition
  name: (_) @name) @definition.constant

(template_body
  [
    (val_declaration
      name: (identifier) @name)
    (val_definition
      pattern: (identifier) @name)
    (var_declaration
      name: (identifier) @name)
    (var_definition
      pattern: (identifier) @name)
  ] @definition.field)

(compilation_unit
  (val_definition
    pattern: (identifier) @name) @definition.constant)

(class_parameter
  name: (identifier) @name) @definition.field
