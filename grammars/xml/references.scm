((Attribute
  .
  (Name) @_attribute
  .
  (AttValue) @reference.use)
  (#any-of? @_attribute "class" "idref" "ref" "type"))

((Attribute
  .
  (Name) @_attribute
  .
  (AttValue) @reference.import)
  (#any-of? @_attribute "href" "resource" "schemaLocation" "src"))
