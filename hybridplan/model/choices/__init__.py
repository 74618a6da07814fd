"""What is chosen once for the whole horizon, or beside the allocation: purchases, spending, tiers, lines, copies."""
