from contextlib import closing
from uuid import UUID

from exchange.formats.gathering import IN_MEMORY, Gathering


def uid(number: int) -> UUID:
    return UUID(int=number)


def test_each_thing_comes_once_in_the_order_met_with_its_marks_and_members():
    with closing(Gathering()) as gathered:
        for member, thing in enumerate([1, 2, 1, 1, 2], 10):
            gathered.meet(
                uid(thing), lambda thing=thing: {"is": thing}, marks=frozenset({f"m{member % 2}"}), member=uid(member)
            )

        assert list(gathered) == [
            ({"is": 1}, ["m0", "m1"], [uid(10), uid(12), uid(13)]),
            ({"is": 2}, ["m0", "m1"], [uid(11), uid(14)]),
        ]


def test_what_a_thing_is_said_to_be_is_asked_once():
    asked = []
    with closing(Gathering()) as gathered:
        for number in range(3):
            gathered.meet(uid(1), lambda number=number: asked.append(number) or {}, marks=frozenset())

        assert asked == [0]
        assert list(gathered) == [({}, [], [])]


def test_more_than_fits_into_memory_waits_on_disk_and_comes_back_whole():
    words = "ä" * (IN_MEMORY // 20)
    with closing(Gathering()) as gathered:
        for number in range(30):
            gathered.meet(uid(number), lambda number=number: {"n": number, "words": words}, marks=frozenset())

        assert [found["n"] for found, _, _ in gathered] == list(range(30))
        assert all(found["words"] == words for found, _, _ in gathered)
