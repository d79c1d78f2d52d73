from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.ids import row_id
from documents.models import Collection


class CollectionField(serializers.CharField):
    """A collection the caller may see, by its id or else its name. Needs the `user` in its context."""

    default_error_messages = {"unknown": "There is no collection with this id or name that you may see."}

    def to_internal_value(self, data: Any) -> Any:
        words = super().to_internal_value(data)
        if "\0" in words:  # which no name holds, and PostgreSQL no text
            self.fail("unknown")
        visible = Collection.objects.visible_to(self.context["user"])
        number = row_id(words)
        found = visible.filter(pk=number).first() if number is not None else None
        found = found or visible.filter(name=words).first()
        if found is None:
            self.fail("unknown")
        return found
