from hypothesis import settings

# A busy machine may take long over one example; that says nothing about the arithmetic.
settings.register_profile("grading", deadline=None)
settings.load_profile("grading")
