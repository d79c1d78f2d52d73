"""What a content commits to: its quantities, its times, its polarity. Pure functions over strings, in linear time.

`reading.commitment` reads an attribution where it stands; the rest takes any text, a proposition's as well.
"""

from extraction.commitment.polarity import Polarity, polarity
from extraction.commitment.quantities import quantities
from extraction.commitment.times import times
from extraction.commitment.units import in_base_unit

__all__ = ["Polarity", "in_base_unit", "polarity", "quantities", "times"]
