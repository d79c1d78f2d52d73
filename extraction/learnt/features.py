"""Features as numbers: which rows of the model's tables speak for a token as a cue, or for its role beside one cue.

A feature is the hash of a template and one to three values; its top bits name the row. Everything is computed for all
tokens, or all pairs of a cue and a token, at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from spacy.strings import get_string_id

from extraction.learnt.tokens import DEEPEST, OUTSIDE, Flags, Hashes, Numbers, Tokens, depths

ROW_BITS = 18
"""2^18 rows in the wide table; the deep table uses the top bits of the same hash."""
MIX = np.uint64(0x9E3779B97F4A7C15)
STIR = np.uint64(0xD6E8FEB86659FD93)
SHIFT = np.uint64(32)

Rows = npt.NDArray[np.int32]


def mixed(template: int, *values: npt.NDArray[np.generic]) -> Rows:
    """Row numbers below 2^ROW_BITS for a template and arrays of values of one length."""
    total: Hashes = values[0].astype(np.uint64) * MIX + np.uint64((template * 0x9E3779B97F4A7C15 + 1) % 2**64)
    for value in values[1:]:
        total ^= total >> SHIFT
        total *= STIR
        total += value.astype(np.uint64) * MIX
    total ^= total >> SHIFT
    total *= STIR
    return (total >> np.uint64(64 - ROW_BITS)).astype(np.int32)


@dataclass(slots=True)
class Features:
    """One row per instance in `deep` and `wide`; each of `gathers` names a token per instance whose vector is added."""

    deep: sparse.csr_matrix
    wide: sparse.csr_matrix
    gathers: tuple[Numbers, ...]


def table(columns: list[Rows], bits: int, extra: list[tuple[Numbers, Rows]] | None = None) -> sparse.csr_matrix:
    """Rows of a table of 2^bits as a sparse matrix: one per column and instance, and `extra` (instance, row) pairs.

    A row that an instance names twice stands there twice, and counts twice.
    """
    count, width = len(columns[0]), len(columns)
    rows = np.stack(columns, axis=1)
    starts = np.arange(count + 1, dtype=np.int32) * width
    if extra:
        owner = np.concatenate([pair[0] for pair in extra])
        order = np.argsort(owner, kind="stable")
        owner, more = owner[order], np.concatenate([pair[1] for pair in extra])[order]
        before = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=count)))).astype(np.int32)
        starts += before
        places = np.empty(rows.size + len(more), dtype=np.int32)
        places[(starts[:-1, None] + np.arange(width)).ravel()] = rows.ravel()
        places[starts[owner] + width + np.arange(len(owner)) - before[owner]] = more
    else:
        places = rows.ravel()
    ones = np.ones(len(places), dtype=np.float32)
    return sparse.csr_matrix((ones, places >> (ROW_BITS - bits), starts), shape=(count, 2**bits))


def shifted(values: Hashes, by: int) -> Hashes:
    """`values` of the token `by` places on."""
    result = np.full(len(values), OUTSIDE, dtype=np.uint64)
    if by > 0:
        result[:-by] = values[by:]
    else:
        result[-by:] = values[:by]
    return result


def beside(tokens: Tokens, which: Numbers, by: int) -> Numbers:
    """The token before (-1) or after (1) each one; itself at an end of its text."""
    there = np.clip(which + by, 0, len(tokens) - 1)
    return np.where(tokens.tag[there] == OUTSIDE, which, there)


def buckets(distance: Numbers) -> Numbers:
    """Distances in tokens, signed: one by one near zero, then coarser. From -16 to 16."""
    size = np.abs(distance)
    coarse = np.searchsorted(np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 45, 70]), size, side="right")
    return np.where(distance < 0, -coarse, coarse) + 32


class CueFeatures:
    """What speaks for a token as the head of a cue."""

    def __init__(self, tokens: Tokens, style: int) -> None:
        self.t = tokens
        self.style = style

    def of(self, which: Numbers, deep_bits: int) -> Features:
        t = self.t
        head = t.head[which]
        lemma, tag, dep = t.lemma[which], t.tag[which], t.dep[which]
        head_lemma, head_dep, head_tag = t.lemma[head], t.dep[head], t.tag[head]
        quoted = t.quoted[which]
        low_at = {by: shifted(t.low, by)[which] for by in (-3, -2, -1, 1, 2, 3)}
        tag_at = {by: shifted(t.tag, by)[which] for by in (-2, -1, 1, 2)}
        kinds = self._children_kinds()
        relation = (head > which).astype(np.int64)
        in_quoted_sentence = self._sentence_has_quote()[which]
        same = np.full(len(which), self.style)
        above = t.head[head]
        since, until = (distance[which] for distance in self._to_quotation_edges())
        negated = quoted * 2 + in_quoted_sentence
        deep = [
            mixed(1, same), mixed(2, lemma), mixed(3, tag), mixed(4, dep), mixed(5, head_dep, relation),
            mixed(6, head_tag, dep), mixed(7, negated), mixed(8, kinds[which]), mixed(9, tag, dep, kinds[which]),
            mixed(10, tag_at[-1]), mixed(11, tag_at[1]), mixed(12, tag_at[-2]), mixed(13, tag_at[2]),
            mixed(14, head_lemma), mixed(15, kinds[head], dep), mixed(16, low_at[1]), mixed(17, low_at[-1]),
            mixed(18, lemma, same), mixed(19, t.lemma[above], head_dep), mixed(20, dep, head_dep, t.dep[above]),
            mixed(21, since, quoted), mixed(22, until, quoted), mixed(23, since, until, tag),
        ]  # fmt: skip
        wide = [
            *deep,
            mixed(30, lemma, tag), mixed(31, lemma, dep), mixed(32, lemma, negated), mixed(33, lemma, kinds[which]),
            mixed(34, lemma, low_at[1]), mixed(35, lemma, low_at[-1]), mixed(36, lemma, head_lemma),
            mixed(37, lemma, tag_at[1]), mixed(38, lemma, tag_at[-1]), mixed(39, low_at[-2]), mixed(40, low_at[2]),
            mixed(41, low_at[-3]), mixed(42, low_at[3]), mixed(43, tag, dep, head_dep), mixed(44, lemma, low_at[2]),
            mixed(45, lemma, low_at[-2]), mixed(46, tag_at[-1], tag, tag_at[1]), mixed(47, lemma, tag_at[1], tag_at[2]),
            mixed(48, tag, dep, same), mixed(49, head_lemma, dep), mixed(50, head_lemma, lemma, dep),
            mixed(51, lemma, since, until), mixed(52, lemma, head_dep),
        ]  # fmt: skip
        deep_more, wide_more = self._children(which)
        nearest = self._subject_of(which)
        return Features(
            table(deep, deep_bits, deep_more),
            table(wide, ROW_BITS, deep_more + wide_more),
            (
                which,
                head,
                beside(t, which, -1),
                beside(t, which, 1),
                nearest,
                self._complement_of(which),
            ),
        )

    def _children_kinds(self) -> Numbers:
        """For each token, a bit for each of the relations that tell frames apart among its children."""
        t = self.t
        bits = np.zeros(len(t), dtype=np.int64)
        child = np.flatnonzero((t.head != np.arange(len(t))) & ~t.space)
        number = np.searchsorted(_FRAMES, t.dep[child])
        known = _FRAMES[np.minimum(number, len(_FRAMES) - 1)] == t.dep[child]
        np.bitwise_or.at(bits, t.head[child][known], 1 << number[known])
        return bits

    def _to_quotation_edges(self) -> tuple[Numbers, Numbers]:
        """For each token how far the quotation marks before and after it are, in steps of 0, 1, 2, 3-5, 6-10, more."""
        edges = np.flatnonzero(np.diff(self.t.quoted.astype(np.int8), prepend=0, append=0))
        place = np.arange(len(self.t))
        if not len(edges):
            return np.full(len(place), 9), np.full(len(place), 9)
        after = np.searchsorted(edges, place, side="right")
        since = np.where(after > 0, place - edges[np.maximum(after - 1, 0)], 99)
        until = np.where(after < len(edges), edges[np.minimum(after, len(edges) - 1)] - place, 99)
        steps = np.array([1, 2, 3, 6, 11])
        return np.searchsorted(steps, since, side="right"), np.searchsorted(steps, until, side="right")

    def _sentence_has_quote(self) -> Flags:
        t = self.t
        return (np.bincount(t.sentence, weights=t.quoted) > 0)[t.sentence]

    def _subject_of(self, which: Numbers) -> Numbers:
        """The token's subject child, or its head's, or the token itself."""
        t = self.t
        subject = np.arange(len(t))
        child = np.flatnonzero(np.isin(t.dep, _SUBJECTS))
        subject[t.head[child]] = child
        own = subject[which]
        above = subject[t.head[which]]
        return np.where(own != which, own, np.where(above != t.head[which], above, which))

    def _complement_of(self, which: Numbers) -> Numbers:
        """The last of the token's clause, object and preposition children, or the token itself."""
        t = self.t
        complement = np.arange(len(t))
        child = np.flatnonzero(np.isin(t.dep, _COMPLEMENTS) & (t.head != np.arange(len(t))))
        complement[t.head[child]] = child
        return complement[which]

    def _children(self, which: Numbers) -> tuple[list[tuple[Numbers, Rows]], list[tuple[Numbers, Rows]]]:
        t = self.t
        place = np.full(len(t), -1)
        place[which] = np.arange(len(which))
        child = np.flatnonzero((t.head != np.arange(len(t))) & ~t.space & (place[t.head] >= 0))
        parent = t.head[child]
        owner = place[parent]
        dep, lemma, above = t.dep[child], t.lemma[child], t.lemma[parent]
        side = (child > parent).astype(np.int64)
        what = np.where(t.entity[child] == 0, t.tag[child], t.entity[child])
        leaves = (t.quoted[child] & ~t.quoted[parent]).astype(np.int64)
        deep = [(owner, mixed(60, dep, side)), (owner, mixed(61, dep, what)), (owner, mixed(62, dep, leaves))]
        wide = [
            (owner, mixed(63, dep, above)), (owner, mixed(64, dep, lemma)), (owner, mixed(65, dep, lemma, above)),
            (owner, mixed(66, dep, what, above)),
        ]  # fmt: skip
        grand = np.flatnonzero((t.head != np.arange(len(t))) & np.isin(t.dep, _OPENERS))
        middle = t.head[grand]
        kept = (t.head[middle] != middle) & (place[t.head[middle]] >= 0)
        grand, middle = grand[kept], middle[kept]
        top = t.head[middle]
        deep.append((place[top], mixed(67, t.dep[middle], t.lemma[grand])))
        wide.append((place[top], mixed(68, t.dep[middle], t.lemma[grand], t.lemma[top])))
        return deep, wide


@dataclass(slots=True)
class Windows:
    """For each cue the stretch of tokens whose roles are asked: `start[n]:end[n]`, never empty."""

    cue: Numbers
    start: Numbers
    end: Numbers

    @property
    def sizes(self) -> Numbers:
        return self.end - self.start

    def pairs(self) -> tuple[Numbers, Numbers]:
        """Cue and token of every instance, window after window."""
        sizes = self.sizes
        offsets = np.cumsum(sizes) - sizes
        token = np.arange(int(sizes.sum())) - np.repeat(offsets - self.start, sizes)
        return np.repeat(self.cue, sizes), token


NEIGHBOURS = 5
"""Sentences before and after the cue's that are looked at, where a quotation leads there."""
REACH = 150
"""Tokens from the cue at most."""


def windows(tokens: Tokens, cues: Numbers, colon: Hashes) -> Windows:
    """The cue's sentence, and those beside it into which a quotation runs or which follow a colon."""
    sentence = tokens.sentence
    count = int(sentence[-1]) + 1
    starts = np.searchsorted(sentence, np.arange(count))
    ends = np.append(starts[1:], len(tokens))
    has_quote = np.bincount(sentence, weights=tokens.quoted, minlength=count) > 0
    has_colon = np.bincount(sentence, weights=np.isin(tokens.low, colon), minlength=count) > 0
    paragraph = tokens.paragraph[starts]
    low, high = sentence[cues].copy(), sentence[cues].copy()
    for _ in range(NEIGHBOURS):
        before = np.maximum(low - 1, 0)
        grows = (low > 0) & has_quote[before] & (paragraph[before] == paragraph[low])
        low = np.where(grows, before, low)
        after = np.minimum(high + 1, count - 1)
        near = (paragraph[after] == paragraph[high]) | (has_colon[high] & (paragraph[after] <= paragraph[high] + 1))
        grows = (high + 1 < count) & near & (has_quote[after] | has_colon[high] & (high == sentence[cues]))
        high = np.where(grows, after, high)
    start = np.maximum(starts[low], cues - REACH)
    end = np.minimum(ends[high], cues + REACH)
    return Windows(cues, start, end)


@dataclass(slots=True)
class Branches:
    """Where each token of a pair hangs in the tree, as seen from the cue."""

    up: Numbers
    """Steps from the cue up to the lowest node above both; -1 in another sentence."""
    down: Numbers
    """Steps from that node down to the token."""
    branch: Numbers
    """The node below it towards the token (the token itself where it is above the cue)."""
    via: Numbers
    """The node below it towards the cue."""


def branches(tokens: Tokens, cue: Numbers, token: Numbers) -> Branches:
    depth = depths(tokens.head)
    same = tokens.sentence[cue] == tokens.sentence[token]
    head = tokens.head
    x, c = token.copy(), np.where(same, cue, token)
    branch, via = x.copy(), c.copy()
    up, down = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
    active = np.flatnonzero(x != c)
    for _ in range(2 * DEEPEST):
        if not len(active):
            break
        xa, ca = x[active], c[active]
        climb_x = depth[xa] >= depth[ca]
        climb_c = depth[ca] >= depth[xa]
        branch[active] = np.where(climb_x, xa, branch[active])
        via[active] = np.where(climb_c, ca, via[active])
        down[active] += climb_x
        up[active] += climb_c
        x[active] = np.where(climb_x, head[xa], xa)
        c[active] = np.where(climb_c, head[ca], ca)
        active = active[x[active] != c[active]]
    return Branches(np.where(same, up, -1), down, branch, via)


SHARED = 4
"""Steps up the tree at most on the way to a shared subject."""


def subjects(tokens: Tokens) -> Numbers:
    """For each token who does it: its subject or possessor, else that of what it hangs on, or -1.

    What describes a noun ("the man speaking") is done by that noun.
    """
    t = tokens
    place = np.arange(len(t))
    subject = np.full(len(t), -1)
    for relations in (_POSSESSORS, _SUBJECTS):
        child = np.flatnonzero(np.isin(t.dep, relations))
        subject[t.head[child]] = child
    describing = np.flatnonzero((subject < 0) & np.isin(t.dep, _DESCRIBING))
    subject[describing] = t.head[describing]
    sharing = (t.head != place) & np.isin(t.dep, _SHARING)
    for _ in range(SHARED):
        without = np.flatnonzero((subject < 0) & sharing)
        subject[without] = subject[t.head[without]]
    return subject


ALSO_WIDE = (1, 3, 5, 7, 18, 16, 17)
"""Which of the deep columns of a role's features are wide ones, too."""


class RoleFeatures:
    """What speaks for a token as source, cue or content of one cue."""

    def __init__(self, tokens: Tokens, certainty: npt.NDArray[np.float32], style: int) -> None:
        """certainty: for each token of the text, how surely it is the head of a cue (0 to 1)."""
        self.t = tokens
        self.level = np.searchsorted(np.array([0.15, 0.4, 0.75]), certainty)
        self.cues_before = np.concatenate(([0], np.cumsum(certainty > 0.4)))
        self.style = style
        self.subject = subjects(tokens)

    def of(self, cue: Numbers, token: Numbers, deep_bits: int) -> Features:
        t = self.t
        tree = branches(t, cue, token)
        distance = buckets(token - cue)
        sentence = np.clip(t.sentence[token] - t.sentence[cue], -3, 3) + 8
        paragraph = np.clip(t.paragraph[token] - t.paragraph[cue], -1, 1) + 4
        side = (token > cue).astype(np.int64)
        low, high = np.minimum(token, cue), np.maximum(token, cue)
        between = np.minimum(self.cues_before[high] - self.cues_before[np.minimum(low + 1, high)], 2)
        quotes = t.quoted[token] * 2 + t.quoted[cue]
        marks = np.cumsum(np.diff(t.quoted.astype(np.int64), prepend=0) != 0)
        crossings = np.minimum(np.abs(marks[token] - marks[cue]), 4)
        near_up, near_down = np.minimum(tree.up, 3), np.minimum(tree.down, 3)
        here = near_up * 4 + near_down + 8
        lemma, pos, dep = t.lemma[cue], t.pos[cue], t.dep[token]
        branch_dep = np.where(tree.up < 0, sentence.astype(np.uint64), t.dep[tree.branch])
        via_dep = np.where(tree.up <= 0, near_up.astype(np.uint64), t.dep[tree.via])
        branch_side = side * 2 + (tree.branch > cue)
        place = near_up * 4 + branch_side + 16
        level = self.level[token]
        branch_level = np.where(tree.up < 0, 0, self.level[tree.branch])
        tag, word = t.tag[token], t.low[token]
        entity = t.entity[token]
        before, after = beside(t, token, -1), beside(t, token, 1)
        same = np.full(len(token), self.style)
        speaks = self._speaks(cue, token, tree)
        deep = [
            mixed(101, same), mixed(102, tag), mixed(103, dep), mixed(104, branch_dep, place), mixed(105, here, side),
            mixed(106, distance), mixed(107, sentence, paragraph), mixed(108, quotes, side),
            mixed(109, crossings, side, quotes),
            mixed(110, between, side), mixed(111, level), mixed(112, branch_level, place), mixed(113, via_dep, near_up),
            mixed(114, entity, side), mixed(115, t.tag[cue], t.dep[cue]), mixed(116, lemma), mixed(117, t.low[before]),
            mixed(118, t.low[after]), mixed(119, word), mixed(120, t.lemma[tree.branch], near_up),
            mixed(121, quotes, sentence), mixed(122, t.dep[t.head[token]], dep), mixed(123, speaks),
        ]  # fmt: skip
        wide = [
            *(deep[number] for number in ALSO_WIDE),
            mixed(130, lemma, branch_dep, place), mixed(131, pos, branch_dep, place), mixed(132, lemma, distance),
            mixed(133, branch_dep, place, dep), mixed(134, lemma, via_dep, near_up),
            mixed(135, word, branch_dep, place),
            mixed(136, via_dep, branch_dep, place), mixed(137, lemma, word), mixed(138, entity, branch_dep, place),
            mixed(139, quotes, branch_dep, place), mixed(140, between, branch_dep, place),
            mixed(141, lemma, quotes, side),
            mixed(142, word, distance), mixed(143, lemma, tag, side), mixed(144, t.low[tree.branch], word, side),
            mixed(145, same, branch_dep, place), mixed(146, tag, t.tag[before], t.tag[after]), mixed(147, same, word),
            mixed(148, lemma, speaks), mixed(149, speaks, via_dep, dep), mixed(150, speaks, t.dep[cue], t.tag[cue]),
        ]  # fmt: skip
        branch_token = np.where(tree.up < 0, token, tree.branch)
        return Features(table(deep, deep_bits), table(wide, ROW_BITS), (token, cue, branch_token, t.head[token]))

    def _speaks(self, cue: Numbers, token: Numbers, tree: Branches) -> Numbers:
        """Is the token the cue's subject (3), a part of it (2), neither (1), or has the cue none at all (0)?"""
        subject = self.subject[cue]
        part = (tree.branch == subject) | ((self.t.head[tree.branch] == subject) & (tree.up > 0))
        return np.where(subject < 0, 0, np.where(token == subject, 3, np.where(part & (tree.up >= 0), 2, 1)))


def _hashes(words: str) -> Hashes:
    return np.array(sorted(get_string_id(word) for word in words.split()), dtype=np.uint64)


_FRAMES = _hashes("nsubj nsubjpass ccomp xcomp dobj prep advcl acl agent dative prt acomp attr oprd pobj")
_SUBJECTS = _hashes("nsubj nsubjpass csubj")
_POSSESSORS = _hashes("poss")
_DESCRIBING = _hashes("acl relcl")
_SHARING = _hashes("conj xcomp advcl ccomp dobj pobj prep pcomp attr acomp aux auxpass")
_COMPLEMENTS = _hashes("ccomp xcomp dobj prep")
_OPENERS = _hashes("mark aux nsubj")
