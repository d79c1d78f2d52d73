"""Noun phrases as mentions of somebody: name, role, number, and how definite they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from extraction.lexicon import role_nouns, word_set
from extraction.roles.sentences import BEFORE_NOUN_TAGS, DEMONSTRATIVES, FINITE_TAGS, NOUN_TAGS, SUBJECTS, Sentences

Form = Literal["name", "pronoun", "demonstrative", "definite", "indefinite", "bare", "possessive"]
Number = Literal["singular", "plural"]

FIRST_PERSON = word_set("first_person")
PRONOUNS: dict[str, tuple[Number, str]] = {
    "he": ("singular", "male"), "him": ("singular", "male"), "his": ("singular", "male"),
    "she": ("singular", "female"), "her": ("singular", "female"), "hers": ("singular", "female"),
    "they": ("plural", ""), "them": ("plural", ""), "their": ("plural", ""), "theirs": ("plural", ""),
    "it": ("singular", "thing"), "its": ("singular", "thing"), "itself": ("singular", "thing"),
    "these": ("plural", ""), "those": ("plural", ""), "others": ("plural", ""),
    "who": ("singular", ""), "one": ("singular", ""),
}  # fmt: skip
MALE_TITLES = word_set("male_titles")
FEMALE_TITLES = word_set("female_titles")
INDEFINITE = word_set("indefinite")
REFLEXIVES = frozenset(("himself", "herself", "itself", "themselves"))
PLURAL_OPENERS = frozenset(("the", "these", "those", "both", "several", "many", "some", "few", "most", "all"))
BREAK = re.compile(
    r"\s(?:of|with|to|in|from|at|who|which|that|on|for|inside|within|close|near|by|speaking|familiar|about|among)\s|,|\(|;"
)
LIST = re.compile(
    r"[^,]+, (?:(?:al-|el-)?[A-Z][\w’'-]+ ?)+,? and "
    r"|(?:(?:al-|el-)?[A-Z]\S+ )+and (?:(?:al-|el-)?[A-Z]|the |his |her |their |others)|both "
    r"|(?:[A-Z]\S+ |of )+and (?:[Cc]hancellor|[Pp]resident|[Mm]inister|[Gg]eneral|[Cc]olonel|his|her|their) "
)
"""Several holders: "Mangoush, Shuwail and their officers", "Shamata and Jalil"."""
PART_OF = re.compile(
    r"(?:some|many|most|several|a number|members|both|all|a few|few|two|three|a majority) of ", re.IGNORECASE
)
"""A part of many: "some of the press"."""
MISREAD_NAME = re.compile(r"[A-Z]+[a-z]{1,2}[A-Z]")
LONGEST_ACRONYM = 5
NAME_PARTICLES = word_set("name_particles")
TITLE_WORDS = word_set("title_words")
GROUP_WORDS = word_set("group_words")
SMALL_WORDS = frozenset(("of", "the", "for", "and", "to", "in", "-", "on", "&"))
LONGEST_SHORT_NAME = 7
UNNAMED = word_set("source_nouns")
""" "According to an official, Lund left": of these none is told by name."""
LONGEST_DESCRIPTION = 16
LONGEST_TAIL = 6
"""Tokens of a noun phrase from its head on."""
MENTION_TAGS = NOUN_TAGS - {"CD"}
NO_PERSONS = frozenset(("that", "which", "who", "it", "there"))
NO_PERSON_NOUNS = word_set("no_person_nouns")
PERSON_ENDINGS = ("er", "ers", "or", "ors", "ist", "ists", "ian", "ians")
PERSON_DEPS = frozenset(("dobj", "pobj", "dative", "agent", "appos", "conj", "poss", "npadvmod", "attr"))


@dataclass(slots=True)
class Mention:
    """One noun phrase: `start` and `end` in the view text. `names` are the words of a proper name, titles left out."""

    start: int
    end: int
    text: str
    form: Form
    number: Number
    gender: str
    head: str
    names: tuple[str, ...]
    roles: frozenset[str]
    kind: str
    """person, organisation, document, thing, or "" when the words do not tell."""
    is_subject: bool = False
    is_adjunct: bool = False
    """It stands behind an adposition: "according to Lund"."""
    is_embedded: bool = False
    """It stands inside what a source says."""
    holds: bool = False
    """It is the source of a belief, not of an utterance."""
    apposed_to: int = -1
    """Where the phrase ends that this one says more about: "General Lund, the Foreign Minister"; -1 for none."""
    acronym: str = ""
    """What the text will call it: "nlc" of "the National Libyan Council (NLC)"."""
    sentence: int = 0
    paragraph: int = 0
    segment: int = 0

    @property
    def points_back(self) -> bool:
        """A pronoun, or a phrase without a name that only takes up who was named before: "the source", "Source"."""
        role_alone = self.form == "definite" or (self.form == "bare" and self.number == "singular")
        return self.form in {"pronoun", "demonstrative"} or (role_alone and not self.names)


def analyse(text: str, start: int, tag: str = "", entity: str = "", *, in_capitals: bool = False) -> Mention:
    """Read a noun phrase. `tag` is the tag of its head word, `entity` the named-entity label of that word, if known.

    in_capitals: the text knows no small letters, so that a capital shows no name.
    """
    words = text.split()
    low = [word.lower().strip(",.()\"'“”’") for word in words]
    first = low[0] if low else ""
    core = BREAK.split(text, maxsplit=1)[0].split() or words
    core_low = [word.lower().strip(",.()\"'“”’").removesuffix("'s").removesuffix("’s") for word in core]
    head = core_low[-1] if core_low else ""
    if len(words) == 1 and (first in PRONOUNS or first in FIRST_PERSON):
        number, gender = PRONOUNS.get(first, ("plural" if first in {"we", "our", "us"} else "singular", ""))
        return Mention(start, start + len(text), text, "pronoun", number, gender, first, (), frozenset(), "")
    if core_low and core_low[-1] in REFLEXIVES and len(core) > 1:
        core, core_low = core[:-1], core_low[:-1]
        head = core_low[-1]
    names = () if LIST.match(text) else _names(core, core_low) or _name_after_office(words, core_low)
    known = role_nouns()
    roles = frozenset(word for word in core_low if word in known)
    number = _number(text, head, tag, names, core_low)
    gender = "male" if MALE_TITLES & set(core_low) else "female" if FEMALE_TITLES & set(core_low) else ""
    kind = _kind(head, names, roles, entity, core, in_capitals=in_capitals)
    return Mention(
        start,
        start + len(text),
        text,
        _form(first, words, names, number, kind),
        number,
        gender,
        head,
        names,
        roles,
        kind,
    )


def _names(core: list[str], low: list[str]) -> tuple[str, ...]:
    """The trailing run of capitalised words, without titles and determiners: "President Ali Zidan" -> Ali Zidan."""
    run: list[str] = []
    known = role_nouns()
    for word, plain in zip(reversed(core), reversed(low), strict=True):
        bare = word.strip(",.()\"'“”’").removesuffix("'s").removesuffix("’s")
        if "/" in bare or MISREAD_NAME.fullmatch(bare):
            break  # "S/E Stevens", "SiE Stevens": an office.
        is_name = bare[:1].isupper() or plain in NAME_PARTICLES or plain.startswith(("al-", "el-"))
        if not is_name or plain in known or plain in TITLE_WORDS or plain in DEMONSTRATIVES | INDEFINITE | {"the", "i"}:
            break
        run.append(bare)
    while run and run[-1].lower() in NAME_PARTICLES - {"abd", "abdel", "abdul", "al", "el", "bin", "ben", "abu"}:
        run.pop()
    return tuple(reversed(run)) if any(word != word.lower() for word in run) else ()


def _name_after_office(words: list[str], core_low: list[str]) -> tuple[str, ...]:
    """ "Minister of Defense Osama al-Juwali": the name stands after the office."""
    known = role_nouns()
    if not core_low or known.get(core_low[-1]) != "person" or core_low[-1].endswith("s") or core_low[0] in {"a", "an"}:
        return ()
    tail = []
    for word in words[len(core_low) :]:
        if word.endswith(","):
            tail.append(word.rstrip(","))
            break
        tail.append(word)
    run: list[str] = []
    for word in reversed(tail):
        if not (word[:1].isupper() or word.lower().startswith(("al-", "el-"))) or word.lower() in {"of", "the"}:
            break
        run.append(word)
    return tuple(reversed(run[: max(1, len(run) - 1)])) if len(run) >= 3 else ()


def _number(text: str, head: str, tag: str, names: tuple[str, ...], low: list[str]) -> Number:
    if LIST.match(text) or PART_OF.match(text):
        return "plural"
    plural_tag = tag == "NNS" or (tag == "NNPS" and low[0] in PLURAL_OPENERS)
    if (plural_tag and head.endswith("s")) or (tag in {"NNS", "NNPS"} and not names):
        return "plural"
    if head in GROUP_WORDS:
        return "plural"
    known = role_nouns()
    if head in known and head.endswith("s") and head[:-1] in known:
        return "plural"
    return "plural" if head.endswith("men") and head in known else "singular"


def _kind(
    head: str, names: tuple[str, ...], roles: frozenset[str], entity: str, core: list[str], *, in_capitals: bool
) -> str:
    known = role_nouns()
    if head in known:
        return known[head]
    if entity == "PERSON":
        return "person"
    if entity in {"ORG", "LOC", "GPE", "NORP"}:
        return "organisation"
    if names:
        if any(known[role] == "person" for role in roles):
            return "person"
        if in_capitals:
            return ""
        if len(names) == 1 and names[0].isupper() and 1 < len(names[0]) <= LONGEST_ACRONYM:
            return "organisation"
        return "person" if core[0].lower() != "the" else "" if len(names) > 1 else "organisation"
    return "person" if head in GROUP_WORDS or _sounds_like_a_person(head) else ""


def _sounds_like_a_person(noun: str) -> bool:
    """ "docker", "pianists": by its ending, unless it is one of the words for things that end so, too."""
    return noun.endswith(PERSON_ENDINGS) and noun not in NO_PERSON_NOUNS


def _form(first: str, words: list[str], names: tuple[str, ...], number: str, kind: str) -> Form:
    if first in DEMONSTRATIVES or [word.lower() for word in words[:2]] == ["the", "same"]:
        return "demonstrative"
    if first == "both" and number == "plural" and " and " not in " ".join(words):
        return "definite"
    if first in INDEFINITE:
        return "indefinite"
    if names and number == "singular":
        return "name"
    if first == "the":
        return "definite"
    if first in {"his", "her", "their", "its", "my", "our"} or any(
        word.endswith(("'s", "’s", "s'", "s’")) for word in words[:4]
    ):
        return "possessive"
    return "name" if names else "bare"


def background(s: Sentences, offset: int) -> Iterator[Mention]:
    """Subjects, persons in other places, and pairs of subjects: those a later pronoun or phrase may take up."""
    yield from _with_acronym(s, offset)
    for token, dep in enumerate(s.dep):
        tag = s.tag[token]
        is_subject = dep in SUBJECTS
        known_tag = tag in MENTION_TAGS or (is_subject and tag == "JJ" and s.doc[token].is_title)
        if not known_tag or s.space[token]:
            continue
        if not is_subject and not _is_person_beside(s, token):
            continue
        if s.low[token] in NO_PERSONS or s.low[token] in FIRST_PERSON or s.is_date(token):
            continue
        first, last = s.sentence(token)
        start = token if tag == "PRP" else s.office_start(s.noun_start(token, first), first)
        end = _phrase_end(s, token, last, is_subject=is_subject) if tag != "PRP" else token + 1
        mention = mention_of(s, start, end, token, offset)
        mention.is_subject = is_subject
        if not is_subject and mention.kind == "person" and s.entity[token] != "PERSON" and not mention.roles:
            mention.kind = ""
        if _is_apposed(s, start, end, token, mention):
            mention.apposed_to = offset + s.ends[start - 2]
        yield mention
        pair_end = _pair_end(s, token, last) if tag != "PRP" else None
        if pair_end is not None:
            pair = mention_of(s, start, pair_end, token, offset)
            if pair.number == "plural" and mention.number == "singular":
                pair.is_subject = is_subject
                yield pair


def _with_acronym(s: Sentences, offset: int) -> Iterator[Mention]:
    """ "the Supreme Council of the Armed Forces (SCAF)": names that the text goes on to shorten."""
    for opening in range(1, len(s.low) - 2):
        if s.low[opening] != "(" or s.low[opening + 2] != ")":
            continue
        short = s.doc[opening + 1].text
        if not (short.isalpha() and short.isupper() and 1 < len(short) <= LONGEST_SHORT_NAME):
            continue
        start = _spelled_out(s, opening, short)
        if start is not None:
            mention = mention_of(s, start, opening, opening - 1, offset)
            mention.acronym, mention.number = short.lower(), "singular"
            mention.kind = mention.kind if mention.kind != "person" else "organisation"
            yield mention


def _spelled_out(s: Sentences, opening: int, short: str) -> int | None:
    """Where the name begins whose capitals the bracket repeats, its article with it; None where they differ."""
    first, at = s.sentence(opening)[0], opening
    letters = short.lower()
    while letters and at > first:
        at -= 1
        if s.low[at][:1] == letters[-1] and s.doc[at].text[:1].isupper():
            letters = letters[:-1]
        elif s.low[at] not in SMALL_WORDS and not s.doc[at].text[:1].isupper():
            return None
    if letters:
        return None
    return at - 1 if at > first and s.low[at - 1] == "the" else at


def _is_apposed(s: Sentences, start: int, end: int, token: int, mention: Mention) -> bool:
    """ "General Lund, the Foreign Minister, said": a name and an office with nothing but a comma between them."""
    if start < 2 or s.low[start - 1] != "," or mention.number == "plural" or s.dep[token] == "conj":
        return False
    if s.sentence_of[start - 2] != s.sentence_of[start]:
        return False
    before, office = s.low[start - 2], mention.kind == "person" and not mention.names
    named_before = s.tag[start - 2] == "NNP" and role_nouns().get(before) is None and s.entity[start - 2] != "GPE"
    holder_before = role_nouns().get(before) == "person" and before not in UNNAMED and s.tag[start - 2] != "NNS"
    if not ((office and named_before) or (mention.names and holder_before)):
        return False
    following = s.low[end] if end < len(s.low) else "."
    if following == "," and end + 1 < len(s.low):
        return s.tag[end + 1] != "NNP" and s.low[end + 1] not in {"and", "or"}
    return following in {".", ";", ")", ":"} or s.tag[end] in FINITE_TAGS or following in {"of", "to", "for", "in"}


def _is_person_beside(s: Sentences, token: int) -> bool:
    """A name, or a noun that names a kind of person, that is not the subject."""
    if s.dep[token] not in PERSON_DEPS:
        return False
    if s.tag[token] == "NNP":
        return True
    word = s.low[token]
    person = role_nouns().get(word) == "person" or (s.tag[token] == "NNS" and _sounds_like_a_person(word))
    return person and s.tag[token] in {"NN", "NNS"}


def _phrase_end(s: Sentences, token: int, last: int, *, is_subject: bool) -> int:
    """The end of a noun phrase with an "of" phrase that belongs to it."""
    end = token + 1
    while end < last and s.tag[end] in {"NNP", "NNPS"}:
        end += 1
    if end > token + 1:
        return end
    if s.tag[token] == "NNP" and not is_subject and s.entity[token] != "ORG":
        return end
    if role_nouns().get(s.low[token]) == "person":
        return _described_end(s, token, min(s.right_edge(token) + 1, token + LONGEST_DESCRIPTION, last))
    while (
        end < last
        and (s.low[end] == "of" or (s.tag[end] in NOUN_TAGS | {"DT", "JJ"} and end > token + 1))
        and end - token < LONGEST_TAIL
    ):
        end += 1
    return token + 1 if s.low[end - 1] in {"of", "the"} else end


def _described_end(s: Sentences, token: int, end: int) -> int:
    """The end of "officers attached to the council": with what describes them, without clauses and asides."""
    for at in range(token + 1, end):
        if s.tag[at] in FINITE_TAGS or s.low[at] in {",", ";", ":", "who", "which", "that", "and", "(", "—", "--"}:
            return at
    return max(end, token + 1)


def _pair_end(s: Sentences, token: int, last: int) -> int | None:
    """Where "Schaeuble and his advisors" ends, of which `token` is the first head; None for a single one."""
    other = next((kid for kid in s.kids[token] if s.dep[kid] == "conj" and s.tag[kid] in NOUN_TAGS), None)
    if other is not None and token < other < last:
        return other + 1
    edge = min(s.right_edge(token) + 1, token + LONGEST_DESCRIPTION, last)
    for at in range(token + 1, edge - 1):
        if s.tag[at] in FINITE_TAGS or s.low[at] in {",", ";", "who", "which"}:
            return None
        if s.low[at] == "and":
            known = role_nouns().get(s.low[at + 1]) == "person" or s.low[at + 1] in TITLE_WORDS
            return edge if known or s.tag[at + 1] == "PRP$" else None
    return None


def mention_of(s: Sentences, start: int, end: int, head: int, offset: int) -> Mention:
    """The mention that tokens `[start, end)` make. In upper-case text, tags tell names from other words."""
    span = s.doc[start:end]
    printed = text = span.text
    is_upper = text.isupper()
    if len(text) > 3 and is_upper and end - start > 1:
        words = [token.text_with_ws if token.tag_ in {"NNP", "NNPS"} else token.text_with_ws.lower() for token in span]
        text = "".join(words)[: len(text)]
    core = _core_head(s, start, end, head)
    in_capitals = len(printed) > LONGEST_ACRONYM and is_upper
    mention = analyse(text, offset + s.starts[start], s.tag[core], s.entity[core], in_capitals=in_capitals)
    mention.text = printed
    mention.end = mention.start + len(printed)
    mention.sentence = s.sentence_of[start]
    return mention


def _core_head(s: Sentences, start: int, end: int, head: int) -> int:
    """The last noun before the phrase's first preposition or comma; `head` from the tree when there is none."""
    core = head
    for at in range(start, end):
        if s.tag[at] in {"IN", "TO", "WP", "WDT", ",", "-LRB-"}:
            break
        if s.tag[at] in NOUN_TAGS:
            core = at
    return core if start <= core < end else head


def subject_end(s: Sentences, start: int, end: int) -> int | None:
    """Where the noun phrase that opens a clause ends: at the first finite verb, if nothing else comes before."""
    for at in range(start, min(end, start + 14)):
        if s.tag[at] in FINITE_TAGS:
            return at if at > start else None
        if s.tag[at] not in BEFORE_NOUN_TAGS | {"IN", "TO", "CC"} or s.tag[start] in {"IN", "TO", "VBG"}:
            return None
    return None
