"""The journal as a table for other programs: what its cells say, and the files they are written into."""
