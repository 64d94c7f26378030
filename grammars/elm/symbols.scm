(module_declaration
  name: (upper_case_qid) @name) @definition.module

(type_alias_declaration
  name: (upper_case_identifier) @name) @definition.type

(type_alias_declaration
  typeExpression: (type_expression
    part: (record_type
      fieldType: (field_type
        name: (lower_case_identifier) @name) @definition.field)))

(type_declaration
  name: (upper_case_identifier) @name) @definition.type

(union_variant
  name: (upper_case_identifier) @name) @definition.constructor

(file
  (value_declaration
    functionDeclarationLeft: (function_declaration_left
      .
      (lower_case_identifier) @name)) @definition.function)

(port_annotation
  name: (lower_case_identifier) @name) @definition.function
