"""Limits: one file each."""
