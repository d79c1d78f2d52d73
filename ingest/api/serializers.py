from __future__ import annotations

from rest_framework import serializers

from accounts.api.inputs import Input
from documents.api.inputs import CollectionField


class UploadInput(Input):
    file = serializers.FileField(help_text="A mail, a web page or a text, 20 MB at most.")
    collection = CollectionField(help_text="Where it belongs: the id or the name of a collection you are a member of.")
