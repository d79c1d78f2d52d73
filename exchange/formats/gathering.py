"""What many claims share, such as their document: written once, when all claims have passed, with what it holds.

Memory does not grow with what is said of these things, only by some hundred bytes for each of them and by 24 for each
claim: the rest waits in a file without a name, on disk from the first megabytes on.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

import orjson

from exchange.formats.writing import encode

IN_MEMORY = 2**18
"""Bytes that wait in memory; what is more goes to disk."""
NONE = -1
UID_BYTES = 16


class Gathering:
    """Things by their uid, in the order in which they were met. Close it when they were read."""

    def __init__(self) -> None:
        self._heads = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- lives as long as this object
        self._numbers: dict[bytes, int] = {}
        # The members of each, as a chain from the newest to the first.
        self._newest = array("q")
        self._before = array("q")
        self._members = bytearray()
        # The marks of each as bits of one number: sets of them would be as many as there are combinations.
        self._marks: list[int] = []
        self._bits: dict[str, int] = {}

    def meet(
        self, uid: UUID, make: Callable[[], dict[str, Any]], *, marks: frozenset[str], member: UUID | None = None
    ) -> None:
        """Keep what `make` says of a thing that is met for the first time; note marks and a member of it each time."""
        number = self._numbers.get(uid.bytes)
        if number is None:
            number = self._numbers[uid.bytes] = len(self._newest)
            self._heads.write(encode(make()).encode() + b"\n")
            self._newest.append(NONE)
            self._marks.append(0)
        for mark in marks:
            self._marks[number] |= self._bits.setdefault(mark, 1 << len(self._bits))
        if member is not None:
            self._before.append(self._newest[number])
            self._newest[number] = len(self._before) - 1
            self._members += member.bytes

    def __len__(self) -> int:
        return len(self._newest)

    def __iter__(self) -> Iterator[tuple[dict[str, Any], list[str], list[UUID]]]:
        """Each as (what was said of it, its marks in order, its members in the order in which they came)."""
        self._heads.seek(0)
        for number, line in enumerate(self._heads):
            yield orjson.loads(line), self._marks_of(number), self._members_of(number)

    def _marks_of(self, number: int) -> list[str]:
        return sorted(mark for mark, bit in self._bits.items() if bit & self._marks[number])

    def _members_of(self, number: int) -> list[UUID]:
        found = []
        at = self._newest[number]
        while at != NONE:
            found.append(UUID(bytes=bytes(self._members[UID_BYTES * at : UID_BYTES * (at + 1)])))
            at = self._before[at]
        return found[::-1]

    def close(self) -> None:
        self._heads.close()
