from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from documents.admin import DocumentAdmin
from documents.errors import DocumentError
from documents.models import Document
from ingest import intake


@admin.register(Document)
class DocumentRecords(DocumentAdmin):
    actions = ["try_again"]

    @admin.action(description="Try failed documents again", permissions=["retry"])
    def try_again(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        """Through the service, one by one; each refusal is reported."""
        begun = 0
        for document in documents:
            try:
                intake.retry(document)
                begun += 1
            except DocumentError as error:
                messages.warning(request, f"{document.label}: {error}")
        if begun:
            text = ngettext("%d document is read again.", "%d documents are read again.", begun)
            messages.success(request, text % begun)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.retry_document")
