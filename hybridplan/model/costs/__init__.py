"""Cost terms: one file each."""
