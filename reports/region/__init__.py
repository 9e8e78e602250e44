"""What a region sees of its schools: a page and a report of counts, never a word, a name or a class."""
