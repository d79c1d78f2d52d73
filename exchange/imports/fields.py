"""Reading the fields of a row: each says what is wrong with it and what to write instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from exchange.imports.errors import BadRow

TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0", ""}


def text(row: Mapping[str, Any], *names: str, most: int = 20_000) -> str:
    """The first of these fields that says something, on the whole as it is. Raises BadRow for one that is no text."""
    for name in names:
        value = row.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float | date):
            raise BadRow(f"{name} is no text.")
        said = str(value).strip()
        if len(said) > most:
            raise BadRow(f"{name} has {len(said):,} characters; at most {most:,} are taken.")
        if said:
            return said
    return ""


def line(row: Mapping[str, Any], *names: str, most: int = 500) -> str:
    """The same on one line."""
    return " ".join(text(row, *names, most=most).split())


def choice(row: Mapping[str, Any], name: str, allowed: Collection[str], default: str = "") -> str:
    said = line(row, name).lower() or default
    if said not in allowed and said != default:
        raise BadRow(f"{name} is '{said[:40]}'; write one of {', '.join(allowed)}.")
    return said


def day(row: Mapping[str, Any], *names: str) -> date | None:
    """A day; of a moment its day as written."""
    said = line(row, *names)
    if not said:
        return None
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise BadRow(f"{names[0]} is '{said[:40]}'; write a day as YYYY-MM-DD.") from None


def flag(row: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = row.get(name)
    if isinstance(value, bool):
        return value
    said = "" if value is None else str(value).strip().lower()
    if not said:
        return default
    if said not in TRUE | FALSE:
        raise BadRow(f"{name} is '{said[:40]}'; write true or false.")
    return said in TRUE


def number(row: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    said = line(row, name)
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 10 and low <= int(said) <= high):
        raise BadRow(f"{name} is '{said[:40]}'; write a whole number from {low} to {high}.")
    return int(said)
