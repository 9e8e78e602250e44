"""The public side: what a child or a parent sees, and the letters in the sealed box."""
