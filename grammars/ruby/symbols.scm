(class
  name: [
    (constant) @name
    (scope_resolution
      name: (constant) @name)
  ]) @definition.class

(module
  name: [
    (constant) @name
    (scope_resolution
      name: (constant) @name)
  ]) @definition.module

((method
  name: (identifier) @name) @definition.constructor
  (#eq? @name "initialize"))

(body_statement
  (method
    name: (_) @name) @definition.method)

(body_statement
  (call
    arguments: (argument_list
      (method
        name: (_) @name) @definition.method)))

(singleton_method
  name: (_) @name) @definition.method

(method
  name: (_) @name) @definition.function

(assignment
  left: (constant) @name) @definition.constant

((call
  method: (identifier) @_accessor
  arguments: (argument_list
    (simple_symbol) @name)) @definition.property
  (#any-of? @_accessor "attr_accessor" "attr_reader" "attr_writer"))

((call
  method: (identifier) @_maker
  arguments: (argument_list
    .
    (simple_symbol) @name)) @definition.method
  (#any-of? @_maker "alias_method" "define_method" "scope"))
