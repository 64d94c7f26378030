; Links lie inside paragraphs, which this grammar leaves unparsed.
