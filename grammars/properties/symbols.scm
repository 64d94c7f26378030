(property
  .
  (key) @name) @definition.property
