"""What follows from a plan: baselines, diagnosis, whole nodes, tables for pages, sentences."""
