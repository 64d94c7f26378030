(document
  root: (element
    (content
      (element
        (content)? @unit.body) @unit)))

(document
  root: (element
    (content
      (element
        (content
          (element
            (content)? @unit.body) @unit)))))

(Comment) @lead
