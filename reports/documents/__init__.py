"""Documents of some pages, one module each: a frozen object read once from the rows, a template, a language."""
