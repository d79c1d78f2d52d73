from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from claims.services.origins import find_common_origins


class Command(BaseCommand):
    help = (
        "Looks for sources that share so many refuted answers that one may copy the other, and leaves a notice for an "
        "analyst to accept or dismiss. Every night it is done anyway."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = find_common_origins()
        self.stdout.write(f"{found.suspected} pairs of sources are suspected: {found.new} new, {found.gone} gone.")
