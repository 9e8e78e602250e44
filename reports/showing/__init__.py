"""How figures are shown to people: names of lines and periods, sections with a chart and its table, a spreadsheet."""
