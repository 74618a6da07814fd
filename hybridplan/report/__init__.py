"""A plan as something to hand over: one page of decision, then the evidence; HTML, PDF and one archive of all files."""
