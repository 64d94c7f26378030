(class_interface
  .
  (identifier) @name
  category: (identifier)) @definition.type

(class_interface
  .
  (identifier) @name) @definition.class

(protocol_declaration
  .
  (identifier) @name) @definition.interface

[
  (method_declaration
    (method_type)
    .
    (identifier) @name)
  (method_definition
    (method_type)
    .
    (identifier) @name)
] @definition.method

(property_declaration
  (struct_declaration
    (struct_declarator
      [
        (identifier) @name
        (pointer_declarator
          declarator: (identifier) @name)
      ]))) @definition.property

(instance_variable
  (struct_declaration
    (struct_declarator
      [
        (identifier) @name
        (pointer_declarator
          declarator: (identifier) @name)
      ]))) @definition.field
