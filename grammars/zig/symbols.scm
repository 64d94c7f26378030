(source_file
  (function_declaration
    name: (identifier) @name) @definition.function)

[
  (enum_declaration
    (function_declaration
      name: (identifier) @name) @definition.method)
  (opaque_declaration
    (function_declaration
      name: (identifier) @name) @definition.method)
  (struct_declaration
    (function_declaration
      name: (identifier) @name) @definition.method)
  (union_declaration
    (function_declaration
      name: (identifier) @name) @definition.method)
]

(variable_declaration
  .
  (identifier) @name
  [
    (opaque_declaration)
    (struct_declaration)
    (union_declaration)
  ]) @definition.class

(variable_declaration
  .
  (identifier) @name
  [
    (enum_declaration)
    (error_set_declaration)
  ]) @definition.enum

(enum_declaration
  (container_field
    name: (identifier) @name) @definition.constant)

(error_set_declaration
  (identifier) @name @definition.constant)

(struct_declaration
  (container_field
    name: (identifier) @name) @definition.field)

(union_declaration
  (container_field
    name: (identifier) @name) @definition.field)

; All other constants of a file or a container.
[
  (source_file
    (variable_declaration
      "const"
      .
      (identifier) @name) @definition.constant)
  (struct_declaration
    (variable_declaration
      "const"
      .
      (identifier) @name) @definition.constant)
  (enum_declaration
    (variable_declaration
      "const"
      .
      (identifier) @name) @definition.constant)
  (union_declaration
    (variable_declaration
      "const"
      .
      (identifier) @name) @definition.constant)
]

(source_file
  (variable_declaration
    "var"
    .
    (identifier) @name) @definition.variable)

(test_declaration
  (string
    (string_content) @name)) @definition.function
