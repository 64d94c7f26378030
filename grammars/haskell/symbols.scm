(data_type
  name: (name) @name) @definition.type

(newtype
  name: (name) @name) @definition.type

(type_synomym
  name: (name) @name) @definition.type

(type_family
  name: (name) @name) @definition.type

(data_family
  name: (name) @name) @definition.type

(data_constructor
  [
    (prefix
      name: (constructor) @name)
    (record
      name: (constructor) @name)
    (infix
      operator: (constructor_operator) @name)
  ]) @definition.constructor

(newtype_constructor
  name: (constructor) @name) @definition.constructor

(gadt_constructor
  name: (constructor) @name) @definition.constructor

(field
  name: (field_name
    (variable) @name)) @definition.field

(class
  name: (name) @name) @definition.class

(class_declarations
  (signature
    name: (variable) @name) @definition.method)

; A method of an instance belongs to the type.
(instance
  patterns: (type_patterns
    .
    (_) @container)
  declarations: (instance_declarations
    [
      (function
        name: (_) @name)
      (bind
        name: (_) @name)
    ] @definition.method))

(instance_declarations
  [
    (function
      name: (_) @name)
    (bind
      name: (_) @name)
  ] @definition.method)

(declarations
  [
    (function
      name: (_) @name)
    (function
      (infix
        operator: (_) @name))
    (bind
      name: (_) @name)
    (foreign_import
      signature: (signature
        name: (_) @name))
  ] @definition.function)
