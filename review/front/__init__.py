"""The front page: what waits, how far the collections are, the pace, and how engine and sources are doing."""
