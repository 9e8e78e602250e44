"""What the pages of the journal show of papers."""
