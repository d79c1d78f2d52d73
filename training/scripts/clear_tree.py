"""A dependency tree that can be rehung, with the questions the mapping to CLEAR asks of it."""

from __future__ import annotations

from training.scripts.conllu import Sentence

ROOT = "root"


class Tree:
    """The tree of one sentence. `heads[i]` is the head of word i; the root is its own head."""

    def __init__(self, sentence: Sentence) -> None:
        self.lower = [word.lower().replace("’", "'") for word in sentence.words]
        self.lemmas = [lemma.lower() for lemma in sentence.lemmas]
        self.upos = sentence.upos
        self.xpos = sentence.xpos
        self.heads = list(sentence.heads)
        self.labels = list(sentence.labels)

    def __len__(self) -> int:
        return len(self.heads)

    def relation(self, word: int) -> str:
        """The label without its subtype: "nsubj" of "nsubj:pass"."""
        return self.labels[word].partition(":")[0]

    def children(self, head: int, *relations: str) -> list[int]:
        """Direct dependents of a word in text order, all or only those with one of the given relations."""
        found = [i for i, its_head in enumerate(self.heads) if its_head == head and i != head]
        return [i for i in found if self.relation(i) in relations] if relations else found

    def has_child(self, head: int, *relations: str) -> bool:
        return bool(self.children(head, *relations))

    def below(self, head: int) -> list[int]:
        """A word and everything under it, in text order."""
        found = [head]
        for word in found:
            found += self.children(word)
        return sorted(found)

    def last_word_below(self, head: int) -> int:
        """Position of the rightmost word of a word's subtree."""
        return self.below(head)[-1]

    def hang(self, word: int, head: int, label: str | None = None) -> None:
        """Gives a word a new head and, if named, a new label."""
        self.heads[word] = head
        if label is not None:
            self.labels[word] = label

    def replace(self, old: int, new: int) -> None:
        """Puts `new` in the place of `old`: its head and its label. `old` is then to be hung somewhere."""
        self.heads[new] = new if self.heads[old] == old else self.heads[old]
        self.labels[new] = self.labels[old]

    def is_sound(self) -> bool:
        """Exactly one root, and every word reaches it."""
        if sum(head == i for i, head in enumerate(self.heads)) != 1:
            return False
        return all(self._reaches_root(word) for word in range(len(self)))

    def _reaches_root(self, word: int) -> bool:
        above = word
        for _ in range(len(self)):
            if self.heads[above] == above:
                return True
            above = self.heads[above]
        return False
