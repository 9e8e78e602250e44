"""The four demonstration schools: data, letters, and how they are loaded."""
