"""Changes of the tables, in order; :mod:`hybridplan.store.migrate` runs them when a database is opened."""
