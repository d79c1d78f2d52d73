"""The formats there are: what an export may be asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from exchange.formats.records import ClaimRecord


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a whole export. namespace: of this installation's ids. by: who asked for it. chosen: the filters.

    address: scheme and host of the workbench, for links back; "" where nobody knows it.
    """

    namespace: UUID
    by: str
    at: datetime
    chosen: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """write: texts that make the file, one after the other.

    origins: whether the records must say how many independent origins there are. context: characters before and after
    each span that they must have. by_proposition: whether those on one proposition must come together.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    write: Callable[[Iterator[ClaimRecord], Heading], Iterator[str]]
    origins: bool = False
    context: int = 0
    by_proposition: bool = False
