"""Full text search over claims and documents: what is asked for, what fits, how it is spread, and the words there."""
