"""The full dump of an installation in JSON Lines, and its way into an empty one."""
