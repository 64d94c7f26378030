(document
  (object
    (pair
      value: (_) @unit.body) @unit))

(document
  (object
    (pair
      value: (object
        (pair
          value: (_) @unit.body) @unit))))

(document
  (object
    (pair
      value: (array
        (object) @unit))))

(document
  (array
    (object) @unit))

(comment) @lead
