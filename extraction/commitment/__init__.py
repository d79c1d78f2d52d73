"""What a content commits to: its quantities, its times, its polarity. Pure functions over strings, in linear time."""

from extraction.commitment.polarity import Polarity, polarity
from extraction.commitment.quantities import quantities, read_quantities
from extraction.commitment.times import times
from extraction.commitment.units import in_base_unit

__all__ = ["Polarity", "in_base_unit", "polarity", "quantities", "read_quantities", "times"]
