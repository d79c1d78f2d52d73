from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, User
from documents.models import Collection

LIFETIMES = [(7, _("a week")), (30, _("a month")), (90, _("three months")), (365, _("a year"))]
"""Days, and as people say it."""
SCOPES = {
    Scope.READ: _("Read what its user sees"),
    Scope.PROPOSE: _("Bring in documents"),
    Scope.REVIEW: _("Review: decide, grade, settle"),
    Scope.ADMIN: _("All of these"),
}


class KeyForm(forms.Form):
    """What a new key is for, and what it may do."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Whose"), empty_label=None)
    name = forms.CharField(
        max_length=100,
        label=_("What it is for"),
        help_text=_("“newsroom CMS”, “my notebook”: it is how you will know it again."),
    )
    scopes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label=_("What it may do"), initial=[Scope.READ.value]
    )
    collections = forms.ModelMultipleChoiceField(
        Collection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Only in these collections"),
        help_text=_("Choose none, and it sees all that its user sees, now and later."),
    )
    days = forms.TypedChoiceField(coerce=int, choices=LIFETIMES, initial=90, label=_("Good for"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gives_out = by.has_perm("accounts.manage_keys")
        people = User.objects.filter(is_active=True).order_by("username")
        field: Any = self.fields["user"]
        field.queryset = people if gives_out else people.filter(pk=by.pk)
        field.initial = by.pk
        field.label_from_instance = _name
        if not gives_out:
            field.widget = forms.HiddenInput()
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope.value, said) for scope, said in SCOPES.items() if gives_out or scope != Scope.ADMIN]
        collections: Any = self.fields["collections"]
        collections.queryset = Collection.objects.visible_to(by)

    def wanted(self) -> dict[str, Any]:
        """The arguments of `give_key`."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "scopes": given["scopes"],
            "lifetime": timedelta(days=given["days"]),
            "collections": list(given["collections"]) or None,
        }


def _name(user: User) -> str:
    return f"{user.display_name} ({user.username})" if user.get_full_name() else user.username
