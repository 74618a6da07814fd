"""Sensitivity: what the plan does when one assumption changes, always by solving again."""
