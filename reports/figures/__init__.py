"""Figures of the work with letters: counted from open columns, by nobody's key."""
