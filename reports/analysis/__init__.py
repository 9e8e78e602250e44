"""What figures say together: the report of a month, a half-year, a year, prepared by itself and frozen."""
