"""How often letter and number of a grade say the same: the sign that one was copied from the other.

Of more than 1,400 US Army reports 87 % were graded A1, B2, C3, D4 or E5 (Baker, McKendry and Mace, 1968), though the
letter is about the source's past and the number about this one claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from grading.scales import Credibility, Reliability

LETTERS = [grade for grade in Reliability if grade is not Reliability.F]
NUMBERS = [grade for grade in Credibility if grade is not Credibility.CANNOT_BE_JUDGED]
DIAGONAL = tuple(zip(LETTERS, NUMBERS, strict=True))


@dataclass(frozen=True, slots=True)
class DiagonalShare:
    """pairs: grades with a letter A-E and a number 1-5. diagonal: how many of them are A1, B2, C3, D4 or E5.

    by_chance: how many would be if letters and numbers, as often as each was given, had nothing to do with each other.
    """

    pairs: int
    diagonal: int
    by_chance: float

    @property
    def share(self) -> float | None:
        """0 to 1; None without any pair."""
        return self.diagonal / self.pairs if self.pairs else None

    @property
    def share_by_chance(self) -> float | None:
        """0 to 1; None without any pair."""
        return self.by_chance / self.pairs if self.pairs else None


def diagonal_share(counts: Mapping[tuple[str, str], int]) -> DiagonalShare:
    """counts: by (letter, number) how often that pair was given. F and 6 judge nothing: their pairs are left out."""
    judged = {pair: count for pair, count in counts.items() if pair[0] in LETTERS and pair[1] in NUMBERS}
    total = sum(judged.values())
    letters: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for (letter, number), count in judged.items():
        letters[letter] += count
        numbers[number] += count
    expected = sum(letters[letter] * numbers[number] for letter, number in DIAGONAL) / total if total else 0.0
    return DiagonalShare(total, sum(judged.get(pair, 0) for pair in DIAGONAL), expected)
