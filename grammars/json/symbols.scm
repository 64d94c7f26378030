; Keys of the two outermost levels: deeper ones are values rather than names.
(document
  (object
    (pair
      key: (string
        (string_content) @name)) @definition.property))

(document
  (object
    (pair
      value: (object
        (pair
          key: (string
            (string_content) @name)) @definition.property))))
