(command
  command_name: (command_name) @reference.call)

(command
  command_name: (command_name) @_command
  (command_elements
    (generic_token) @reference.import)
  (#match? @_command "^(?:[Ii]mport-[Mm]odule|[Uu]sing)$"))

(invokation_expression
  (member_name
    (simple_name) @reference.call))

(type_name
  (type_identifier) @reference.type)
