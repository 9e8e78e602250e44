"""The bound book: openings of the box, volumes, entries, and the trail of every step."""
