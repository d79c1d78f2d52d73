"""Every single key of the workbench, in one table that templates and scripts read; each person may choose their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Place(Enum):
    """Where a key acts. Two keys of one place must differ; those of different places need not."""

    CLAIM = "claim"
    MARKING = "marking"
    """While a claim's words are corrected, added or cut apart."""
    CARDS = "cards"
    """On pages of links and notices, decided one after the other."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `name` is what templates and stored choices call it, `letter` what it is unless somebody chose another.

    fixed: arrows, digits and the like, which nobody may move.
    """

    name: str
    letter: str
    place: Place
    group: str | Promise
    does: str | Promise
    fixed: bool = False


DECIDE, CORRECT, MOVE, MARK, CARDS = _("Decide"), _("Correct"), _("Move"), _("While marking words"), _("Links")

KEYS = [
    Key("accept", "a", Place.CLAIM, DECIDE, _("accept, and on to the next")),
    Key("reject", "r", Place.CLAIM, DECIDE, _("reject, then a number for the reason")),
    Key("undo", "u", Place.CLAIM, DECIDE, _("undo my latest step; again for the one before")),
    Key("steps", "h", Place.CLAIM, DECIDE, _("my latest steps, to undo any of them")),
    Key("bulk", "b", Place.CLAIM, DECIDE, _("decide many at once, by their score")),
    Key(
        "join",
        "1 2 3",
        Place.CLAIM,
        DECIDE,
        _("join the accepted claim to a proposition that is proposed; 0 leaves it apart, or takes the join back"),
        fixed=True,
    ),
    Key("wording", "p", Place.CLAIM, DECIDE, _("word the proposition; Ctrl ↵ accepts, Esc leaves")),
    Key("weigh", "i", Place.CLAIM, DECIDE, _("have this claim decided sooner or later")),
    Key("edit", "e", Place.CLAIM, CORRECT, _("correct this claim")),
    Key("who", "w", Place.CLAIM, CORRECT, _("choose who said it")),
    Key("split", "x", Place.CLAIM, CORRECT, _("cut this claim in two")),
    Key("merge", "g", Place.CLAIM, CORRECT, _("make one claim of this and another")),
    Key("add", "m", Place.CLAIM, CORRECT, _("add a claim that the machine missed")),
    Key("note", "c", Place.CLAIM, CORRECT, _("a note to colleagues; Ctrl ↵ keeps it")),
    Key("next", "j", Place.CLAIM, MOVE, _("next claim")),
    Key("previous", "k", Place.CLAIM, MOVE, _("previous claim")),
    Key("waiting", "n", Place.CLAIM, MOVE, _("next one that waits, from a decided claim")),
    Key("settle", "o", Place.CLAIM, MOVE, _("the proposition of an accepted claim, to settle it")),
    Key("naming", "f", Place.CLAIM, MOVE, _("where the text first names this source")),
    Key("layout", "l", Place.CLAIM, MOVE, _("lines as released, or closed up for reading")),
    Key("search", "/", Place.CLAIM, MOVE, _("search claims and documents, from any page")),
    Key("fold", "z", Place.CLAIM, MOVE, _("fold all messages but the claim's; again to open them")),
    Key("help", "?", Place.CLAIM, MOVE, _("these keys")),
    Key("leave", "Escape", Place.CLAIM, MOVE, _("close, leave"), fixed=True),
    Key("mark_source", "s", Place.MARKING, MARK, _("the selected words are the source; with Shift a further piece")),
    Key("mark_cue", "c", Place.MARKING, MARK, _("the selected words are the cue")),
    Key("mark_content", "t", Place.MARKING, MARK, _("the selected words are the content")),
    Key("mark_circumstance", "i", Place.MARKING, MARK, _("the selected words are the circumstance")),
    Key("pick", "v", Place.MARKING, MARK, _("select words without a mouse: arrow keys move, with Shift they select")),
    Key("find", "/", Place.MARKING, MARK, _("find words in the text; ↑ ↓ the one before and after, ↵ takes them")),
    Key("mark_who", "w", Place.MARKING, MARK, _("choose who said it")),
    Key(
        "nudge",
        "ArrowLeft ArrowRight",
        Place.MARKING,
        MARK,
        _("the end one word back or on; with Shift the start"),
        fixed=True,
    ),
    Key("clear", "Delete", Place.MARKING, MARK, _("take that part away"), fixed=True),
    Key("save", "Enter", Place.MARKING, MARK, _("save"), fixed=True),
    Key("card_accept", "a", Place.CARDS, CARDS, _("accept: it counts from now on")),
    Key("card_reject", "r", Place.CARDS, CARDS, _("reject: it is not proposed again")),
    Key("card_wrong", "w", Place.CARDS, CARDS, _("wrong relation, then a number for the right one")),
    Key("card_merge", "m", Place.CARDS, CARDS, _("both say the same thing: look at them as one")),
    Key("card_next", "j", Place.CARDS, CARDS, _("next")),
    Key("card_previous", "k", Place.CARDS, CARDS, _("previous")),
    Key("card_open", "o", Place.CARDS, CARDS, _("open the first side")),
    Key("card_undo", "u", Place.CARDS, CARDS, _("undo my latest step on this page; again for the one before")),
    Key("card_help", "?", Place.CARDS, CARDS, _("these keys")),
]
BY_NAME = {key.name: key for key in KEYS}

SHOWN = {
    "Enter": "↵",
    "Escape": "Esc",
    "Delete": "Del",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
}
"""How keys that are no letters are written on the screen."""


def letter_of(name: str, user: Any) -> str:
    """The letter a key has for this person (AnonymousUser: for everybody)."""
    key = BY_NAME[name]
    chosen = (getattr(user, "preferences", None) or {}).get("keys", {})
    return key.letter if key.fixed else str(chosen.get(name, key.letter))


def shown(letters: str) -> list[str]:
    return [SHOWN.get(letter, letter) for letter in letters.split()]


def problems(chosen: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a choice of letters, by name of the key; empty when it can be kept."""
    found: dict[str, str] = {}
    taken: dict[tuple[Place, str], Key] = {}
    for key in KEYS:
        for letter in (key.letter if key.fixed else chosen.get(key.name, key.letter)).split() or [""]:
            if not key.fixed and (len(letter) != 1 or not letter.isprintable() or letter.isdecimal()):
                found[key.name] = str(_("Give one letter or sign, but no digit."))
            elif (other := taken.get((key.place, letter))) is not None:
                found[key.name] = str(_("“%(letter)s” is taken: %(other)s.") % {"letter": letter, "other": other.does})
            else:
                taken[key.place, letter] = key
    return found


def differing(chosen: Mapping[str, str]) -> dict[str, str]:
    """Those letters that are not the usual ones: what is kept for a person."""
    return {
        name: letter
        for name, letter in chosen.items()
        if (key := BY_NAME.get(name)) is not None and not key.fixed and letter != key.letter
    }
