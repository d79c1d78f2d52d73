"""HTML to text, for mail bodies and saved web pages.

Our own scanner, because time must be linear whatever is sent to us: Python's html.parser takes quadratic time on
unclosed comments, and tree-building parsers do on deep nesting, which a text layer has no use for.
"""

from __future__ import annotations

import re
from html import unescape

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:-]{0,30}")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"\n{3,}")
_REST_OF_TAG = re.compile(r"""[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*){0,30}>""")
_LONGEST_TAG = 4000
"""Characters within which a ">" in quotation marks is told from the end of the tag."""

_HIDDEN = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "hr", "figure"}
_LINES = {
    "div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "aside", "main", "nav", "address", "form",
    "fieldset", "caption", "figcaption", "tbody", "thead", "center", "body", "html",
}  # fmt: skip


def text_of_html(markup: str) -> str:
    """What a reader would see of `markup`: tags, scripts, styles and comments gone, blocks on lines of their own."""
    return _Page(markup).text()


def title_of_html(markup: str) -> str:
    """The words of the first <title>, which the text itself leaves out."""
    match = re.search(r"<title\b[^<>]{0,200}>([^<]{1,500})<", markup[:50_000], re.IGNORECASE)
    return " ".join(unescape(match.group(1)).split()) if match else ""


class _Page:
    """One pass over the characters; what is searched for and not found once is not searched for again."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        folded = markup.lower()
        self.folded = folded if len(folded) == len(markup) else markup  # Some letters grow when folded.
        self.absent: set[str] = set()
        self.pieces: list[str] = []
        self.line_ends = 2
        self.after_space = True
        self.open_pre = 0

    def text(self) -> str:
        at = 0
        while at < len(self.markup):
            tag = self.markup.find("<", at)
            if tag < 0 or ">" in self.absent:
                tag = len(self.markup)
            self._write(self.markup[at:tag])
            at = self._read_tag(tag) if tag < len(self.markup) else tag
        text = "\n".join(line.rstrip() for line in "".join(self.pieces).split("\n"))
        return _BLANKS.sub("\n\n", text).strip("\n")

    def _read_tag(self, at: int) -> int:
        """The offset behind the tag, comment or stray "<" at `at`."""
        if self.markup.startswith("<!--", at):
            return self._behind("-->", at + 4) or len(self.markup)
        if self.markup.startswith(("<!", "<?"), at):
            return self._behind(">", at + 2) or len(self.markup)
        name = _NAME.match(self.markup, at + 1)
        end = self._tag_end(name.end()) if name else None
        if name is None or end is None:
            self._write("<")
            return at + 1
        return self._enter(name.group().lower(), end)

    def _enter(self, name: str, end: int) -> int:
        if name in _HIDDEN and not self.markup.startswith("/>", end - 2):
            closing = self._behind(f"</{name}", end)
            if closing:
                return self._behind(">", closing) or len(self.markup)
            return len(self.markup) if name in ("script", "style") else end
        self._lay_out(name)
        return end

    def _tag_end(self, at: int) -> int | None:
        match = _REST_OF_TAG.match(self.markup, at, at + _LONGEST_TAG)
        return match.end() if match else self._behind(">", at)

    def _behind(self, closing: str, at: int) -> int | None:
        """The offset behind the next `closing`, None when there is none."""
        found = -1 if closing in self.absent else self.folded.find(closing, at)
        if found < 0:
            self.absent.add(closing)
            return None
        return found + len(closing)

    def _write(self, raw: str) -> None:
        words = unescape(raw) if "&" in raw else raw
        if not self.open_pre:
            words = _SPACE.sub(" ", words)
            words = words.lstrip(" ") if self.after_space else words
        if words:
            self.pieces.append(words)
            self.line_ends = 0
            self.after_space = words.endswith((" ", "\n"))

    def _lay_out(self, tag: str) -> None:
        name = tag.removeprefix("/")
        if name == "pre":
            self.open_pre = max(0, self.open_pre + (-1 if tag[0] == "/" else 1))
        if name in _PARAGRAPHS:
            self._end_line(2)
        elif name in _LINES:
            self._end_line(1)
        elif name == "br":
            self._end_line(self.line_ends + 1)
        elif name in ("td", "th"):
            self._write(" ")

    def _end_line(self, wanted: int) -> None:
        if self.line_ends < wanted <= 3:
            self.pieces.append("\n" * (wanted - self.line_ends))
            self.line_ends = wanted
        self.after_space = True
