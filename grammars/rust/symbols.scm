[
  (struct_item
    name: (type_identifier) @name)
  (union_item
    name: (type_identifier) @name)
] @definition.class

(enum_item
  name: (type_identifier) @name) @definition.enum

(enum_variant
  name: (identifier) @name) @definition.constant

(trait_item
  name: (type_identifier) @name) @definition.interface

(type_item
  name: (type_identifier) @name) @definition.type

[
  (function_item
    name: (identifier) @name)
  (function_signature_item
    name: (identifier) @name)
] @definition.function

(mod_item
  name: (identifier) @name) @definition.module

[
  (const_item
    name: (identifier) @name)
  (static_item
    name: (identifier) @name)
] @definition.constant

(macro_definition
  name: (identifier) @name) @definition.macro

(field_declaration
  name: (field_identifier) @name) @definition.field
