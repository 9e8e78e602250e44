"""Taking over lists that were kept before: reading a file, telling its columns, checking its rows."""
