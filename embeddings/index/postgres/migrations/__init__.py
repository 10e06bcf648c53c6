"""Steps that bring the tables of an index up to date; see `schema`."""
