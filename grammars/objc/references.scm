(message_expression
  method: (identifier) @reference.call)

; An upper-case receiver is a class.
((message_expression
  receiver: (identifier) @reference.type)
  (#match? @reference.type "^[A-Z]"))

(class_interface
  superclass: (identifier) @reference.type)

(protocol_reference_list
  (identifier) @reference.type)

(class_declaration
  (identifier) @reference.type)
