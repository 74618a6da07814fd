"""Commitments of a plan: how much of them is used, what they cover, what they cost against renting, and when."""
