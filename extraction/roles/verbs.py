"""Cue verbs: "stated that ...", "believe ...", "sees X as Y", "was described by X as Y"."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.lexicon import Cue, role_nouns, verbs, word_set
from extraction.roles import contents
from extraction.roles.frames import RELATIVE_OPENERS, frame, inserted, is_wanted, passive_frame
from extraction.roles.mistagged import is_verb_taken_for_noun
from extraction.roles.raw import Pieces, RawAttribution
from extraction.roles.sentences import ADVERB_TAGS, AUXILIARIES, NOUN_TAGS, RELATIVES, VERB_TAGS, Sentences
from extraction.roles.subjects import (
    Stretch,
    own_subject,
    shares_subject_with,
    subject_stretch,
)

CONVINCING = frozenset(("convince", "persuade"))
"""Verbs that need somebody who is convinced: "left the meeting convinced that" is the participle."""
IMPERSONAL = frozenset(("there", "that", "this", "what", "you", "nobody", "none"))
INFINITIVE_HOSTS = word_set("infinitive_hosts")
MANDATIVE_VERBS = word_set("mandative_verbs")
PARTICIPLE_PREPOSITIONS = word_set("participle_prepositions")
STRENGTH = {
    "that": 0.95,
    "ccomp": 0.85,
    "bare": 0.6,
    "as": 0.8,
    "small": 0.7,
    "of": 0.75,
    "for": 0.75,
    "to": 0.75,
    "with": 0.75,
    "inf_object": 0.6,
    "gerund": 0.7,
    "np": 0.4,
}


LONGEST_AGENT = 20
"""Tokens from a passive cue to its "by"."""


class VerbCues:
    """The cue verbs of one text: found first, so that each one's content can stop where the next one begins."""

    def __init__(self, s: Sentences) -> None:
        self.s = s
        self.found: dict[int, Cue] = {}
        self.by_sentence: dict[int, list[int]] = {}
        lexicon = verbs()
        for token, word in enumerate(s.low):
            for entry in lexicon.get(word, ()):
                if self._is_cue(token, entry):
                    self.found[token] = entry
                    self.by_sentence.setdefault(s.sentence_of[token], []).append(token)
                    break

    def _is_cue(self, token: int, entry: Cue) -> bool:
        s = self.s
        if entry.particle and self._particle(token, entry) is None:
            return False
        if s.tag[token] in VERB_TAGS:
            preposition = s.low[token] in PARTICIPLE_PREPOSITIONS and own_subject(s, token) is None
            modifier = s.tag[token] in {"VBN", "VBG"} and s.dep[token] in {"amod", "compound"}
            return not modifier and not (preposition and s.group_start(token) == token)
        if s.tag[token] not in NOUN_TAGS | {"JJ"} or token + 1 >= len(s.low):
            return False
        if {"clause", "quote"} & entry.frames and is_verb_taken_for_noun(s, token):
            return True
        before = s.tag[token - 1] if token else ""
        mistagged = s.low[token + 1] == "that" and before not in {"DT", "JJ", "PRP$", "POS", "IN"}
        return (
            mistagged
            and token > 0
            and (before in NOUN_TAGS or s.low[token - 1] in {"and", "but", ","} or before in ADVERB_TAGS)
        )

    def _particle(self, token: int, entry: Cue) -> int | None:
        s = self.s
        return next((at for at in (token + 1, token + 2) if at < len(s.low) and s.low[at] == entry.particle), None)

    def attributions(self) -> Iterator[RawAttribution]:
        for token, entry in self.found.items():
            attribution = self._passive(token, entry) if self.s.is_passive(token) else self._active(token, entry)
            if attribution is not None:
                yield attribution

    def _active(self, cue: int, entry: Cue) -> RawAttribution | None:
        s = self.s
        if not self._tells(cue, entry):
            return None
        source = subject_stretch(s, cue)
        if source is None or self._is_impersonal(source) or not self._suits(source, entry):
            return None
        if source[0] > cue and not (s.tag[cue] == "VBG" and s.dep[cue] == "advcl"):
            return None
        if source[0] > s.sentence(cue)[0] and self._opens_content(source[0] - 1):
            aside = self._inserted(cue, entry, source)
            if aside is not None or s.low[source[0] - 1] in {"what", "whatever"}:
                return aside
        end = s.sentence(cue)[1]
        after = cue + 1 + (entry.particle != "")
        if s.low[min(cue + 1, end - 1)] == "," and source[0] > 0 and s.low[source[0] - 1] == ",":
            return None  # An aside, "the test, officials said, was ...": its content stands around it.
        clause = contents.clause_after(s, after - 1, end, entry) or (
            contents.clause_after(s, cue, end, entry) if after - cue > 1 else None
        )
        if clause is not None and ("clause" in entry.frames or self._says_that(cue, entry, *clause)):
            start, shown = clause
            if entry.words in MANDATIVE_VERBS and is_wanted(s, start, end):
                return None
            stop = contents.content_end(s, cue, start, end, self._rivals(cue, start))
            told = self._has_addressee(cue, start)
            return self._make(cue, entry, source, ((start, stop),), shown, told=told)
        return self._other_frames(cue, entry, source, end)

    def _says_that(self, cue: int, entry: Cue, start: int, shown: str) -> bool:
        """Is it the verb that needs "that", in the sense that needs it: not "held talks on a cabinet that he leads"?"""
        if "that" not in entry.frames or shown != "that":
            return False
        if entry.words in CONVINCING:
            return any(self.s.dep[kid] in {"dobj", "dative"} and cue < kid < start for kid in self.s.kids[cue])
        if entry.addressee or "np" in entry.frames:
            return True
        objects = [kid for kid in self.s.kids[cue] if self.s.dep[kid] == "dobj" and cue < kid < start - 1]
        return all(self.s.low[kid] == "fact" for kid in objects)

    def _tells(self, cue: int, entry: Cue) -> bool:
        """Is something told or held here, not wanted ("to say that") or missed ("should have known that")?"""
        s = self.s
        group = s.group_start(cue)
        if s.low[group] == "to" and not self._hosted_infinitive(cue):
            return False
        if s.tag[cue] == "VBG" and group > 0 and not self._is_participle(group):
            return False
        return entry.kind != "knowledge" or not {"should", "would", "could", "might"} & {*s.low[group:cue]}

    def _other_frames(self, cue: int, entry: Cue, source: Stretch, end: int) -> RawAttribution | None:
        s = self.s
        stop = contents.content_end(s, cue, cue + 1, end, self._rivals(cue, cue + 1))
        found = frame(s, cue, entry, stop)
        return None if found is None else self._make(cue, entry, source, found[0], found[1], extra=found[2])

    def _inserted(self, cue: int, entry: Cue, source: Stretch) -> RawAttribution | None:
        """ "what they fear will be unrest": the content begins before the source."""
        found = inserted(self.s, cue, entry, source[0] - 1, self.s.sentence(cue)[1])
        return None if found is None else self._make(cue, entry, source, found[0], found[1], extra=found[2])

    def _passive(self, cue: int, entry: Cue) -> RawAttribution | None:
        """ "The minister is viewed by Jalil as a rival": only with a "by", and only where the content can be told."""
        s = self.s
        first, end = s.sentence(cue)
        by = self._agent(cue)
        subject = own_subject(s, cue)
        holder = s.child(by, "pobj") if by is not None else None
        if by is None or holder is None or subject is None or subject > cue:
            return None
        that = contents.that_after(s, by, end) if "clause" in entry.frames else None
        if that is not None:
            source = (s.noun_start(holder, by + 1), min(s.right_edge(holder) + 1, that))
            stop = contents.content_end(s, cue, that + 1, end, self._rivals(cue, that + 1))
            return self._make(cue, entry, source, ((that + 1, stop),), "that", told=True)
        source = (s.noun_start(holder, by + 1), self._agent_end(holder, end))
        held = (s.noun_start(subject, first), s.group_start(cue))
        found = passive_frame(s, cue, entry, held, by, source[1])
        return None if found is None else self._make(cue, entry, source, found[0], found[1], extra=found[2])

    def _agent(self, cue: int) -> int | None:
        """The "by" of a passive, wherever the parser has hung it."""
        s = self.s
        end = s.sentence(cue)[1]
        near = range(cue + 1, min(end, cue + LONGEST_AGENT))
        return next((at for at in near if s.low[at] == "by" and (s.head[at] == cue or s.dep[at] == "agent")), None)

    def _agent_end(self, holder: int, end: int) -> int:
        """The agent's phrase ends before the words that go on with the content: "by Jalil as a rival"."""
        s = self.s
        last = min(s.right_edge(holder) + 1, end)
        for at in range(holder + 1, last):
            doing = s.low[at] == "of" and s.tag[at + 1 : at + 2] == ["VBG"]
            if doing or s.low[at] in {"as", "to", "for", "that", ","}:
                return at
        return last

    def _opens_content(self, before: int) -> bool:
        """Is the word before the source the subject of what is said: "what they fear", "who he says are ..."?"""
        word, tag = self.s.low[before], self.s.tag[before]
        return word in {"what", "whatever"} or (word in RELATIVE_OPENERS and tag in {"WDT", "WP"})

    def _hosted_infinitive(self, cue: int) -> bool:
        """ "continued to insist that": an infinitive that still reports what was said or held."""
        s = self.s
        start = s.group_start(cue)
        return start > 0 and (
            s.low[start - 1] in INFINITIVE_HOSTS
            or (s.low[start - 1] == "on" and s.low[max(0, start - 2)] in INFINITIVE_HOSTS)
        )

    def _is_participle(self, start: int) -> bool:
        """ "..., adding that", "a memo stating that", "is saying that"; not the gerund of "that finding a way ..."."""
        first = self.s.sentence(start)[0]
        before = start - 1
        while before >= first and self.s.tag[before] in ADVERB_TAGS:
            before -= 1
        verb_group = self.s.low[start] in AUXILIARIES
        return (
            verb_group
            or before < first
            or self.s.low[before] in {",", ";", "and", "or", "but", "by", "as", "while", "(", "—", "--"}
            or self.s.tag[before] in NOUN_TAGS
        )

    def _is_impersonal(self, source: Stretch) -> bool:
        """ "what he said", "you know": nobody in particular holds it."""
        s = self.s
        return source[1] - source[0] == 1 and s.low[source[0]] in IMPERSONAL | RELATIVES

    def _suits(self, source: Stretch, entry: Cue) -> bool:
        if entry.subject != "document":
            return True
        return any(role_nouns().get(word) == "document" for word in self.s.low[source[0] : source[1]])

    def _has_addressee(self, cue: int, start: int) -> bool:
        s = self.s
        to_someone = any(
            s.low[at] == "to" and s.tag[at + 1] in NOUN_TAGS | {"DT", "PRP$", "JJ"} for at in range(cue + 1, start - 1)
        )
        told = [kid for kid in s.kids[cue] if cue < kid < start and s.dep[kid] in {"dobj", "dative"}]
        return to_someone or any(s.low[kid] not in {"me", "us"} for kid in told)

    def _rivals(self, cue: int, start: int) -> list[int]:
        """Where in the sentence other cues begin that stand beside this one, not inside its content."""
        s = self.s
        rivals: list[int] = []
        for other in self.by_sentence.get(s.sentence_of[cue], ()):
            if other <= start:
                continue
            group = s.group_start(other)
            participle = s.tag[other] == "VBG" and group == other and s.low[other - 1] == ","
            if (participle and not self._content_participle(other, cue)) or (
                own_subject(s, other) is None and not participle and shares_subject_with(s, other) == cue
            ):
                rivals.append(group)
        return rivals

    def _content_participle(self, other: int, cue: int) -> bool:
        """ ", adding that ..." goes with the cue unless it hangs on a cue inside the content."""
        s = self.s
        head = s.head[other]
        return head != cue and s.tag[head] in VERB_TAGS and self.found.get(head) is not None and head > cue

    def _make(
        self,
        cue: int,
        entry: Cue,
        source: Stretch,
        content: Pieces,
        shown: str,
        *,
        extra: int | None = None,
        told: bool = False,
    ) -> RawAttribution | None:
        s = self.s
        pieces = tuple(piece for piece in (s.strip(*stretch) for stretch in content) if piece[0] < piece[1])
        if not pieces:
            return None
        negated = s.negation(cue)
        tokens = [(cue if negated is None else negated, cue + 1)]
        particle = self._particle(cue, entry) if entry.particle else None
        if particle is not None:
            joined = particle == cue + 1 or s.low[cue + 1] == "it"
            tokens = [(tokens[0][0], particle + 1)] if joined else [*tokens, (particle, particle + 1)]
        if extra is not None:
            tokens.append((extra, extra + 1))
        kind = "denial" if negated is not None and entry.kind in {"speech", "belief"} else entry.kind
        strength = STRENGTH[shown] * (0.75 if entry.weak else 1.0)
        return RawAttribution(tuple(tokens), (source,), pieces, kind, strength, hedging=entry.hedge, told=told)
