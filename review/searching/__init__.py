"""The search page, and the searches that people keep."""
