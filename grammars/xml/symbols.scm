(document
  root: (element
    .
    (STag
      .
      (Name) @name)) @definition.section)

; Elements that are given a name, down to the second level under the root.
((document
  root: (element
    (content
      (element
        .
        (_
          (Attribute
            .
            (Name) @_attribute
            .
            (AttValue) @name))) @definition.property)))
  (#any-of? @_attribute "id" "name" "xml:id"))

((document
  root: (element
    (content
      (element
        (content
          (element
            .
            (_
              (Attribute
                .
                (Name) @_attribute
                .
                (AttValue) @name))) @definition.property)))))
  (#any-of? @_attribute "id" "name" "xml:id"))
