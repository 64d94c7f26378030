(property) @unit

(comment) @lead
