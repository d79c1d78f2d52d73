"""Cue verbs: "stated that ...", "believe ...", "sees X as Y", "was described by X as Y"."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.lexicon import Cue, role_nouns, verbs, word_set
from extraction.roles import contents
from extraction.roles.raw import Pieces, RawAttribution
from extraction.roles.sentences import ADVERB_TAGS, AUXILIARIES, NOUN_TAGS, RELATIVES, VERB_TAGS, Sentences
from extraction.roles.subjects import Stretch, own_subject, shares_subject_with, subject_stretch

IMPERSONAL = frozenset(("there", "that", "this", "what", "you", "nobody", "none"))
INFINITIVE_HOSTS = word_set("infinitive_hosts")
STRENGTH = {
    "that": 0.95,
    "ccomp": 0.85,
    "bare": 0.6,
    "as": 0.8,
    "small": 0.7,
    "of": 0.75,
    "inf_object": 0.6,
    "gerund": 0.7,
    "np": 0.4,
}


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
            return not (s.tag[token] in {"VBN", "VBG"} and s.dep[token] in {"amod", "compound"})
        if s.tag[token] not in NOUN_TAGS | {"JJ"} or token + 1 >= len(s.low):
            return False
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
        if s.low[s.group_start(cue)] == "to" and not self._hosted_infinitive(cue):
            return None
        if s.tag[cue] == "VBG" and s.group_start(cue) > 0 and not self._is_participle(s.group_start(cue)):
            return None
        source = subject_stretch(s, cue)
        if source is None or self._is_impersonal(source) or not self._suits(source, entry):
            return None
        if source[0] > cue or (source[0] > 0 and s.low[source[0] - 1] in {"what", "whatever"}):
            return None
        end = s.sentence(cue)[1]
        after = cue + 1 + (entry.particle != "")
        if s.low[min(cue + 1, end - 1)] == "," and source[0] > 0 and s.low[source[0] - 1] == ",":
            return None  # An aside, "the test, officials said, was ...": its content stands around it.
        clause = contents.clause_after(s, after - 1, end, entry) or (
            contents.clause_after(s, cue, end, entry) if after - cue > 1 else None
        )
        if clause is not None and "clause" in entry.frames:
            start, shown = clause
            stop = contents.content_end(s, cue, start, end, self._rivals(cue, start))
            told = self._has_addressee(cue, start)
            return self._make(cue, entry, source, ((start, stop),), shown, told=told)
        return self._other_frames(cue, entry, source, end)

    def _other_frames(self, cue: int, entry: Cue, source: Stretch, end: int) -> RawAttribution | None:
        s = self.s
        stop = contents.content_end(s, cue, cue + 1, end, self._rivals(cue, cue + 1))
        if "as" in entry.frames and (found := contents.as_phrase(s, cue, stop)):
            at, first, second = found
            return self._make(cue, entry, source, (first, second), "as", extra=at)
        if "of" in entry.frames and (found := self._of_phrase(cue, stop)):
            at, first, second = found
            return self._make(cue, entry, source, (first, second), "of", extra=at)
        if "inf_object" in entry.frames and (pieces := contents.infinitive_object(s, cue, stop)):
            return self._make(cue, entry, source, pieces, "inf_object")
        if "small" in entry.frames and (pieces := contents.small_clause(s, cue, stop)):
            return self._make(cue, entry, source, pieces, "small")
        if (
            "small" in entry.frames
            and "clause" not in entry.frames
            and stop - cue > 2
            and s.tag[cue + 1] in NOUN_TAGS | {"DT", "PRP$"}
        ):
            return self._make(cue, entry, source, ((cue + 1, stop),), "small")
        if "gerund" in entry.frames and (pieces := contents.gerund(s, cue, stop)):
            return self._make(cue, entry, source, pieces, "gerund")
        if "inf" in entry.frames and cue + 2 < stop and s.low[cue + 1] == "to" and s.tag[cue + 2] == "VB":
            return self._make(cue, entry, source, ((cue + 1, stop),), "gerund")
        if "np" in entry.frames and (phrase := contents.object_phrase(s, cue, stop)):
            return self._make(cue, entry, source, (phrase,), "np")
        return None

    def _of_phrase(self, cue: int, end: int) -> tuple[int, Stretch, Stretch] | None:
        s = self.s
        for at in range(cue + 2, min(end, cue + 15)):
            if (
                s.low[at] == "of"
                and at + 1 < end
                and (s.tag[at + 1] == "VBG" or (s.dep[at] == "prep" and s.head[at] == cue))
            ):
                return at, (cue + 1, at), (at + 1, end)
        return None

    def _passive(self, cue: int, entry: Cue) -> RawAttribution | None:
        """ "The minister is viewed by Jalil as a rival": only with a "by", and only where the content can be told."""
        s = self.s
        end = s.sentence(cue)[1]
        by = next((kid for kid in s.kids[cue] if s.low[kid] == "by" and kid > cue), None)
        subject = own_subject(s, cue)
        if by is None or subject is None or subject > cue:
            return None
        holder = s.child(by, "pobj")
        that = contents.that_after(s, by, end) if holder is not None and "clause" in entry.frames else None
        if that is not None and holder is not None:
            source = (s.noun_start(holder, by + 1), min(s.right_edge(holder) + 1, that))
            stop = contents.content_end(s, cue, that + 1, end, self._rivals(cue, that + 1))
            return self._make(cue, entry, source, ((that + 1, stop),), "that", told=True)
        if "as" not in entry.frames:
            return None
        found = contents.as_phrase(s, by, end) if holder is not None else None
        if holder is None or found is None:
            return None
        first = s.sentence(cue)[0]
        held = (s.noun_start(subject, first), s.group_start(cue))
        source = (s.noun_start(holder, by + 1), min(s.right_edge(holder) + 1, found[0]))
        return self._make(cue, entry, source, (held, found[2]), "as", extra=found[0])

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
        before = start - 1
        while before >= 0 and self.s.tag[before] in ADVERB_TAGS:
            before -= 1
        verb_group = self.s.low[start] in AUXILIARIES
        return (
            verb_group
            or before < 0
            or self.s.low[before] in {",", "and", "or", "but", "by", "as", "(", "—", "--"}
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
            tokens = [(tokens[0][0], particle + 1)] if particle == cue + 1 else [*tokens, (particle, particle + 1)]
        if extra is not None:
            tokens.append((extra, extra + 1))
        kind = "denial" if negated is not None and entry.kind in {"speech", "belief"} else entry.kind
        strength = STRENGTH[shown] * (0.75 if entry.weak else 1.0)
        return RawAttribution(tuple(tokens), (source,), pieces, kind, strength, hedging=entry.hedge, told=told)
