"""Keys on the screen: `{% key "accept" %}` on what the key does, `{% kbd "accept" %}` where it is shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from review.keyboard import KEYS, letter_of, shown

register = template.Library()


@register.simple_tag(takes_context=True)
def key(context: template.Context, name: str) -> SafeString:
    """The attributes by which scripts find what a key does, and by which a screen reader says the key."""
    letter = letter_of(name, context.get("user"))
    return format_html('data-key="{}" aria-keyshortcuts="{}"', letter, letter)


@register.simple_tag(takes_context=True)
def kbd(context: template.Context, name: str) -> SafeString:
    """The key as it is written on a button; a screen reader has it from `key`."""
    letters = shown(letter_of(name, context.get("user")))
    return format_html_join("", '<kbd aria-hidden="true">{}</kbd>', ((letter,) for letter in letters))


@register.simple_tag(takes_context=True)
def letter(context: template.Context, name: str) -> str:
    """The key by itself, for a script."""
    return letter_of(name, context.get("user"))


@register.inclusion_tag("review/_key_groups.html", takes_context=True)
def key_groups(context: template.Context, *places: str) -> dict[str, Any]:
    """All keys of some places ("claim", "marking", "cards") with what they do, in groups."""
    user = context.get("user")
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in KEYS:
        if each.place.value in places:
            row = {"letters": shown(letter_of(each.name, user)), "does": each.does}
            groups.setdefault(str(each.group), []).append(row)
    return {"groups": groups.items()}
