"""How many calls a key may make, whichever process answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import CallCount, User
from accounts.services import count_call
from claims.models import Claim
from tests.api.conftest import Connect
from tests.api.test_preconditions import at_once
from tests.databases import TestDatabase

CLAIMS = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def few_calls(settings: Any) -> None:
    settings.HEARSAY_API_CALLS_PER_MINUTE = {"reading": 3, "changing": 1}


def test_each_answer_says_what_is_left_and_the_last_when_to_come_again(client: APIClient, claim: Claim):
    answers = [client.get(CLAIMS) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"reading";q=3;w=60'}
    left = [re.fullmatch(r'"reading";r=(\d+);t=(\d+)', answer["RateLimit"]) for answer in answers]
    assert [int(match[1]) for match in left if match] == [2, 1, 0, 0, 0]
    assert all(0 < int(match[2]) <= 60 for match in left if match)
    assert answers[3].json()["code"] == "throttled"
    assert 0 < int(answers[3]["Retry-After"]) <= 60


def test_changing_is_counted_apart_from_reading(client: APIClient, claim: Claim):
    body = {"grade": "3", "basis": "plausible"}

    posts = [client.post(f"{CLAIMS}{claim.pk}/assess/", body) for _ in range(2)]

    assert [answer.status_code for answer in posts] == [201, 429]
    assert client.get(CLAIMS).status_code == 200


def test_each_key_and_each_person_has_an_allowance_of_their_own(connect: Connect, analyst: User):
    browser = APIClient()
    browser.force_login(analyst)
    callers = [connect(analyst), connect(analyst), browser]

    answers = [[caller.get(CLAIMS).status_code for _ in range(4)] for caller in callers]

    assert answers == [[200, 200, 200, 429]] * 3


def test_the_window_opens_anew_after_a_minute(client: APIClient, claim: Claim):
    for _ in range(4):
        client.get(CLAIMS)
    CallCount.objects.update(opened_at=timezone.now() - timedelta(seconds=61))

    answer = client.get(CLAIMS)

    assert (answer.status_code, answer["RateLimit"]) == (200, '"reading";r=2;t=60')


def test_nothing_is_counted_without_a_limit(client: APIClient, settings: Any):
    settings.HEARSAY_API_CALLS_PER_MINUTE = {"reading": 0, "changing": 0}

    answer = client.get(CLAIMS)

    assert "RateLimit" not in answer
    assert not CallCount.objects.exists()


def test_counting_takes_one_statement(db: None, django_assert_num_queries: DjangoAssertNumQueries):
    with django_assert_num_queries(1):
        allowance = count_call("somebody", limit=5, window=60)

    assert (allowance.used, allowance.remaining, allowance.is_kept) == (1, 4, True)


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_moment_are_counted_one_by_one():
    counted = at_once(lambda _: count_call("somebody", limit=10, window=60), 25)

    assert sorted(allowance.used for allowance in counted) == list(range(1, 26))
    assert sum(allowance.is_kept for allowance in counted) == 10


COUNT_TWENTY = """
import django
django.setup()
from accounts.services import count_call
print([count_call("somebody", limit=30, window=60).is_kept for _ in range(20)].count(True))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_across_processes(test_database: TestDatabase):
    environment = {
        **os.environ,
        "DATABASE_URL": test_database.url,
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    command = [sys.executable, "-c", COUNT_TWENTY]

    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    let_through = [int(process.communicate(timeout=120)[0]) for process in processes]

    assert sum(let_through) == 30
    assert CallCount.objects.get().used == 40
