"""How dates are written on the screen, for each language."""
