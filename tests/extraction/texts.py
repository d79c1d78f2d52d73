"""Texts nobody would write, for tests and for the fuzz run: what is to be survived, and what is to stay linear."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from pathlib import Path

from extraction import lexicon

Maker = Callable[[random.Random, int], str]
"""Chance and a number of characters, in; a text of about that length, out."""

GLUE = (
    "that", "the", "a", "of", "by", "to", "who", "which", "and", "but", "as", "in", "on", "with", "from", "not", "he",
    "they", "this", "these", "his", "their", "was", "is", "has", "been", "will", "may", "army", "Benghazi", "Zidan",
    "closed", "road", "20", "2012", ",", ",", ".", ".", ";", ":", '"', "“", "”", "'", "(", ")", "[", "]", "--", "—",
    "?", "\n", "\n\n", "\n> ", "(C)", "1.", "•", "speaking", "condition", "source", "sources", "according", "however",
)  # fmt: skip
BEGINNINGS = (
    "From: ",
    "To: ",
    "Subject: ",
    "Sent: ",
    "> ",
    "UNCLASSIFIED ",
    "B1 1.4(D)",
    "Doc No. C0",
    "SOURCE: ",
    "- ",
)
BODIES = (
    "Human Rights Watch", "Supreme Council of the Armed Forces", "Muslim Brotherhood", "Ministry of Defense", "NATO",
    "National Transitional Council", "al-Ahram", "Army", "United Nations",
)  # fmt: skip
PERSONS = (
    "Mustafa Abdel Jalil", "Muammar al Qaddafi", "Ali Zidan", "Jo Smith", "Saif al-Islam", "el-Keib", "O'Neill", "X",
    "Abdurrahim el- Keib",
)  # fmt: skip
PARTY_ROLES = ("team", "officer", "President", "spokesman", "head", "Foreign Minister", "source", "report", "group")
SAYS = ("said that", "told", "confirmed that", "denied that", "according to", "believes that", "and", "quoted")
DID = ("had left.", "would stay.", "that it was over.", "had been killed.", ", who agreed.", "said.", "was right,")
ODD = "\x00\x01\x0b\x0c\x1c\x85\xa0\xad\u200b\u200d"
ODD += "\u200f\u2028\u2029\u202e\u0301\u1680\u3000\ufeff\ufffd\ufffe\U0001f469\ud7ff"
EXAMPLED = ("verbs", "nouns", "adjectives", "phrases")
SAMPLES = Path(__file__).parents[2] / "samples"


def lexicon_words() -> list[str]:
    """Every cue, hedge and role noun of the lexicon, and the words that hold sentences together, in a fixed order."""
    words = [*lexicon.verbs(), *lexicon.nouns(), *lexicon.adjectives(), *lexicon.role_nouns()]
    words += [" ".join(parts).replace("*", "his") for entries in lexicon.phrases().values() for parts, _ in entries]
    words += [str(row["hedge"]) for row in lexicon.rows("hedges")]
    return sorted(set(words)) + list(GLUE) * 25


def salad(chance: random.Random, length: int) -> str:
    """Words of the lexicon in any order: every rule fires somewhere it was not meant to."""
    words = lexicon_words()
    found = [chance.choice(words) for _ in range(max(1, length // 6))]
    return _cased(chance, " ".join(found))


def examples(chance: random.Random, length: int) -> str:
    """The lexicon's example sentences, broken off anywhere, with words lost, doubled or strange."""
    known = [str(row["example"]).split() for name in EXAMPLED for row in lexicon.rows(name)]
    found: list[str] = []
    while sum(map(len, found)) < length:
        words = list(chance.choice(known))
        del words[chance.randint(1, len(words)) :]
        for _ in range(chance.randint(0, 2)):
            at = chance.randrange(len(words))
            words[at : at + 1] = chance.choice([[], [words[at]] * 2, [chance.choice(GLUE)], words[:2]])
            words = words or ["said"]
        found += words
    return _cased(chance, " ".join(found))


def torn(chance: random.Random, length: int) -> str:
    """Stretches of the samples cut anywhere and joined anyhow."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    pieces = []
    while sum(map(len, pieces)) < length:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        pieces.append(text[start : start + chance.randint(1, 300)])
    return _cased(chance, chance.choice(["", " ", "\n", ". "]).join(pieces))[:length]


def characters(chance: random.Random, length: int) -> str:
    """Characters from all of Unicode, no half surrogate pairs: odd spaces, marks and signs more often than letters."""
    pools = [
        lambda: chance.choice(ODD),
        lambda: chance.choice(string.printable),
        lambda: chr(chance.choice([chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)])),
        lambda: chance.choice(" \n\t.,:;\"'()“”"),
    ]
    return "".join(chance.choice(pools)() for _ in range(length))


def noise(chance: random.Random, length: int) -> str:
    """The bytes of a picture, say, read as Latin-1."""
    return chance.randbytes(length).decode("latin-1")


def headers(chance: random.Random, length: int) -> str:
    """Lines that look like the furniture of releases and mails."""
    words = lexicon_words()
    lines = []
    while sum(map(len, lines)) < length:
        lines.append(
            chance.choice(BEGINNINGS) * chance.randint(0, 3) + " ".join(chance.choices(words, k=chance.randint(0, 9)))
        )
    return chance.choice(["\n", "\r\n", "\n\n", "\n  "]).join(lines)[:length]


def people(chance: random.Random, length: int) -> str:
    """Persons and bodies named in full, by parts, by acronym, by role, in apposition and by pronoun, in any order."""
    said = []
    while sum(map(len, said)) < length:
        one, other = _party(chance), _party(chance)
        said.append(f"{one[:1].upper()}{one[1:]} {chance.choice(SAYS)} {other} {chance.choice(DID)}")
    return _cased(chance, chance.choice([" ", "\n\n"]).join(said))


def _party(chance: random.Random) -> str:
    body, person, role = chance.choice(BODIES), chance.choice(PERSONS), chance.choice(PARTY_ROLES)
    acronym = "".join(word[0] for word in body.split() if word[0].isupper())
    titled = [f"{role} {person}", f"{person}, the {role} of {body} ({acronym}),", f"{acronym}'s {role}, {person},"]
    named = [body, acronym, person, person.split()[-1], f"{person} and {chance.choice(PERSONS)}", f"{person} ({role})"]
    short = [
        f"{body} ({acronym})",
        f"{acronym} ({body})",
        f"a {role} from {body} ({acronym})",
        f"the {acronym} {role}s",
    ]
    taken_up = ["he", "she", "they", "it", "who", "I", f"the {role}", f"this {role}", f"these {role}s", f"their {role}"]
    return chance.choice(chance.choice([titled, named, short, taken_up]))


def _cased(chance: random.Random, text: str) -> str:
    return chance.choice([str, str, str, str.upper, str.lower, str.title])(text)


SURVIVED: dict[str, Maker] = {
    "word salad": salad, "broken examples": examples, "torn samples": torn,
    "people": people, "characters": characters, "binary noise": noise, "headers": headers,
}  # fmt: skip


def repeated(unit: str) -> Maker:
    """The unit again and again."""
    return lambda chance, length: unit * (length // len(unit) + 1)


def unrepeated(text: str) -> str:
    """The text with a word of its own at the end of each line: what stands on every page is read as furniture."""
    lines = text.split("\n")
    return "\n".join(f"{line} {_name(number).lower()}" for number, line in enumerate(lines))


def samples(chance: random.Random, length: int) -> str:
    """The same torn samples for every length, as often as it takes."""
    piece = torn(random.Random(1), 60_000)
    return unrepeated(piece * (length // len(piece) + 1))[:length]


def wrapped(before: str, after: str) -> Maker:
    """Opened again and again, then closed as often."""
    return lambda chance, length: before * (length // 2 // len(before)) + after * (length // 2 // len(after))


def sentence(chance: random.Random, length: int) -> str:
    """One sentence without an end: clauses joined by "and", no full stop."""
    return "The colonel said " + "that the road to Benghazi was closed and " * (length // 41)


def tellers(chance: random.Random, length: int) -> str:
    """Each said that the next one said, in one sentence."""
    return "he said that " * (length // 13) + "it rained."


def names(chance: random.Random, length: int) -> str:
    """New people all the time, who are taken up by pronouns."""
    return "".join(f"{_name(n)} said that it rained. He thinks that {_name(n + 1)} lied. " for n in range(length // 58))


def _name(number: int) -> str:
    letters = []
    while number or not letters:
        number, letter = divmod(number, 26)
        letters.append(string.ascii_lowercase[letter])
    return "Gen" + "".join(letters)


LINEAR: dict[str, Maker] = {
    "samples": samples,
    "one sentence": sentence,
    "he said that he said": tellers,
    "new names": names,
    "one name": repeated("Zidan said that it rained. He lied. "),
    "this source": repeated("This source said that these sources believe that they lied. "),
    "open quotes": repeated("“He said "),
    "quotes in quotes": wrapped("he said “", "” "),
    "straight quotes": repeated('" he said '),
    "brackets": wrapped("(", ")"),
    "source comments": repeated("(Source Comment: In the opinion of this individual, it rains. "),
    "quoted lines": wrapped(">", "\n"),
    "deep replies": lambda chance, length: "\n".join(">" * n + " he said so" for n in range(int((2 * length) ** 0.5))),
    "one letter": repeated("a"),
    "one space": repeated(" "),
    "blank lines": repeated("\n"),
    "spaced lines": repeated(" \n\t"),
    "one long line": repeated("army "),
    "dots": repeated("."),
    "digits": repeated("1"),
    "capitals": repeated("HE SAID THAT THE GIFT IS A FIRST STEP "),
    "capital letters": repeated("A"),
    "hyphens": repeated("-"),
    "commas": repeated("he, "),
    "officers of": repeated("officers of the senior "),
    "official of Names": repeated("officials of the Army "),
    "on condition": repeated("speaking on condition of "),
    "in confidence": repeated("in  confidence "),
    "with access": repeated("with direct access to "),
    "according to": repeated("according to "),
    "headers": repeated("From: a\nTo: b\nSubject: c\n"),
    "one header": repeated("From: "),
    "banners": repeated("UNCLASSIFIED U.S. Department of State Case No. F-2014-20439 Doc No. C05\n"),
    "margin codes": repeated("B1\n1.4(D)\n"),
    "as many as": repeated("as many as "),
    "who which that": repeated("who which that "),
    "combining marks": repeated("e\u0301"),
    "zero width": repeated("\u200b"),
    "word salad": lambda chance, length: salad(random.Random(3), 30_000) * (length // 30_000 + 1),
}
