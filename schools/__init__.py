"""Schools, how each keeps its box, the people who work there, and who holds a key."""
