"""The steps of project.yml. Nothing outside training/ and its tests imports this."""
