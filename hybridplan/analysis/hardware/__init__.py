"""Hardware of a plan: what is bought, its cost all in against renting, when it comes and goes, private lines."""
