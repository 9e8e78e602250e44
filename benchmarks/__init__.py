"""What is measured: each figure as a ratio to the least that could be done, in one run. ``make bench``."""
