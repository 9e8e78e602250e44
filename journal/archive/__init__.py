"""A school's whole book as one sealed file: what is in it, how it is sealed, and how it is read again."""
