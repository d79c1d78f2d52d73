"""A million claims, and how long Hearsay takes with them: `make bench-data`, then `make bench`."""
