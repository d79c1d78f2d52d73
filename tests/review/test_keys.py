"""The keys of the workbench: one table, and each person's own choice."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from review.keyboard import KEYS, letter_of, problems
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def page(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def choice(**other: str) -> dict[str, str]:
    return {key.name: key.letter for key in KEYS if not key.fixed} | other


def test_the_usual_keys_are_in_nobodys_way():
    assert problems({}) == {}
    assert len({key.name for key in KEYS}) == len(KEYS)


def test_a_chosen_key_acts_on_the_page_and_is_told_in_the_help(page: Client, ana: User):
    claim = ClaimFactory(layer__document__collection=CollectionFactory(members=[ana]))

    kept = page.post(reverse("review:keys"), choice(accept="Y"))

    ana.refresh_from_db()
    assert kept.status_code == 302
    assert ana.preferences == {"keys": {"accept": "y"}}
    shown = page.get(reverse("review:claim", args=[claim.pk])).content.decode()
    assert 'data-key="y" aria-keyshortcuts="y"' in shown
    assert 'data-key="a"' not in shown
    assert "<kbd>y</kbd>" in shown


def test_two_keys_of_one_place_cannot_be_the_same_but_of_two_places_they_can(page: Client, ana: User):
    conflict = page.post(reverse("review:keys"), choice(accept="e"))
    apart = page.post(reverse("review:keys"), choice(mark_source="a"))

    assert conflict.status_code == 422
    assert "taken" in conflict.content.decode()
    assert apart.status_code == 302
    ana.refresh_from_db()
    assert letter_of("accept", ana) == "a"
    assert letter_of("mark_source", ana) == "a"


@pytest.mark.parametrize("letter", ["", "ab", "3", " ", "\x07"])
def test_a_key_is_one_letter_or_sign_and_no_digit(page: Client, letter: str):
    assert page.post(reverse("review:keys"), choice(accept=letter)).status_code == 422


def test_two_keys_can_change_places_and_all_go_back_at_once(page: Client, ana: User):
    page.post(reverse("review:keys"), choice(accept="r", reject="a"))
    ana.refresh_from_db()
    assert (letter_of("accept", ana), letter_of("reject", ana)) == ("r", "a")

    page.post(reverse("review:keys"), {"reset": "1"})

    ana.refresh_from_db()
    assert ana.preferences == {}


def test_a_fixed_key_stays_whatever_is_sent(page: Client, ana: User):
    page.post(reverse("review:keys"), choice(save="q"))

    ana.refresh_from_db()
    assert letter_of("save", ana) == "Enter"
