"""A small installation with something on every page: what the walk over all pages and the pictures show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import ApiKey, User
from accounts.services import create_key
from claims.finding.wanted import Wanted
from claims.models import (
    Claim,
    ClaimState,
    Decision,
    ExtractionRun,
    GradeFlag,
    LinkState,
    OriginNotice,
    Proposition,
    Review,
)
from claims.services import accept, assess_credibility, grade_source, merge, reject, write_note
from claims.services.records import refresh
from documents.models import Collection, Document, DocumentState
from exchange.models import ImportFile, Job, Webhook
from exchange.services.imports import keep
from exchange.services.webhooks import subscribe
from review.services import leases
from review.services.assignments import assign
from review.services.saved_searches import save_search
from review.services.weighing import weigh
from sources.models import Source
from tests.browser.conftest import ingested
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DispatchFactory,
    DocumentFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    PropositionFactory,
    SourceFactory,
    TextLayerFactory,
    UserFactory,
)
from tests.review.demo import company_of, source_with_a_record, told_by
from tests.review.demo_propositions import Demo, contested_proposition, links_that_wait, with_records

TO_IMPORT = b"external_id,source,content_quote,state\nc1,The aide,the talks have failed,accepted\nc2,,,\n"
PAST = 90
"""Decisions of the last two weeks, enough for a picture of the engine."""
UNREADABLE = "This file is a picture without text. Have it read by character recognition, and bring in the result."


@dataclass(frozen=True, slots=True)
class World:
    """What the pages are about. `ana` may do everything, `vera` may read, `new` was given nothing yet."""

    ana: User
    vera: User
    new: User
    key: ApiKey
    collection: Collection
    memo: Document
    failed: Document
    candidate: Claim
    decided: Claim
    source: Source
    other_source: Source
    propositions: Demo
    settled: Proposition
    flag: GradeFlag
    disputed: Claim
    held: Claim
    """Somebody else has it before them."""
    webhook: Webhook
    import_file: ImportFile
    import_job: Job


def build() -> World:
    ana = UserFactory(
        username="ana", first_name="Ana", last_name="Lindqvist", groups=["admin", "reviewer"], is_staff=True
    )
    rafael = UserFactory(username="rafael", first_name="Rafael", last_name="Ortiz", groups=["reviewer"])
    vera = UserFactory(username="vera", first_name="Vera", last_name="Simić", groups=["viewer"])
    new = UserFactory(username="noor", first_name="Noor", last_name="Haddad", groups=["analyst"])
    collection = CollectionFactory(name="Numidia", marking="RESTRICTED", members=[ana, rafael, vera])
    today = timezone.localdate()
    source = source_with_a_record(collection, analyst=ana, reviewer=rafael, today=today)
    union, _attache = company_of(source, collection, today=today)
    demo = contested_proposition(collection, analyst=ana, today=today)
    links_that_wait(collection, today=today)
    disputed = _disputed(rafael, [ana, vera])
    for name, words in (("Special Forces", '"special forces"'), ("The dinar", "dinar or prices")):
        save_search(Wanted.of({"q": words}), name=name, owner=ana)
    memo = ingested("C05797165.txt", collection)
    told, stated, considered, *_rest = Claim.objects.of_document(memo).in_reading_order()
    accept(told, by=ana, seconds=6.2)
    write_note(stated, text="The attaché again? Compare paragraph 4 before you decide.", by=rafael, to=[ana, vera])
    write_note(stated, text="It is he: the same dinner is told there.", by=ana, to=[rafael])
    weigh(stated, weight=4, by=rafael, reason="The desk needs it for the evening brief.")
    reject(considered, by=rafael, reason="Duplicate", seconds=3.1)
    refresh(Source.objects.values_list("pk", flat=True))
    with_records(demo)
    desk = Group.objects.create(name="Numidia desk")
    assign(memo, to=ana, by=rafael)
    assign(memo, to=desk, by=rafael)
    assign(demo.claims[0].layer.document, to=rafael, by=ana)
    _histories(collection, source, union, by=rafael)
    _past_decisions(collection, memo, [ana, rafael])
    return World(
        ana=ana,
        vera=vera,
        new=new,
        key=create_key(ana, name="Press monitor", scopes=["read", "propose"])[0],
        collection=collection,
        memo=memo,
        failed=_failed(collection, ana),
        candidate=stated,
        decided=told,
        source=source,
        other_source=union,
        propositions=demo,
        settled=Proposition.objects.settled().latest("pk"),
        flag=_flag(demo.claims[0], ana),
        disputed=disputed,
        held=_held(memo),
        webhook=subscribe(by=ana, name="Press desk", url="https://press.example/hearsay")[0],
        import_file=keep(TO_IMPORT, name="claims.csv", kind="claims", collection=collection, by=ana),
        import_job=_import_job(ana),
    )


def _failed(collection: Collection, by: User) -> Document:
    DispatchFactory(document__collection=collection, document__name="cable-0412.eml", document__added_by=by)
    return DocumentFactory(
        collection=collection,
        name="scan-0007.png",
        state=DocumentState.FAILED,
        failure_code="no_text",
        failure_reason=UNREADABLE,
        added_by=by,
    )


def _flag(claim: Claim, by: User) -> GradeFlag:
    grade = assess_credibility(claim, grade="2", likelihood=80, confidence="moderate", basis="Fits the cables.", by=by)
    return GradeFlag.objects.create(assessment=grade, reason="A source it rested on was graded D.", by=by)


def _histories(collection: Collection, source: Source, union: Source, *, by: User) -> None:
    """A merge, a grade and a suspicion, so that the pages that tell of such have something to tell."""
    today = timezone.localdate()
    double = told_by(source, collection, "A man in the Prime Minister's office", "the dinar would fall", on=today)
    same = SourceFactory(descriptor="Man in the Prime Minister's office")
    Claim.objects.filter(pk=double.pk).update(source=same)
    merge(same, source, by=by, reason="The same office, the same meetings, the same words.")
    grade_source(union, grade="C", basis="Speaks for a side; right on dates.", by=by)
    one, other = sorted([source.pk, union.pk])
    OriginNotice.objects.create(
        one_id=one,
        other_id=other,
        posterior=0.97,
        shared_true=1,
        shared_refuted=3,
        different=0,
        state=LinkState.PROPOSED,
        at=timezone.now() - timedelta(hours=3),
    )


def _disputed(first: User, members: list[User]) -> Claim:
    """A claim that two analysts decided differently, which waits for an adjudicator."""
    second = UserFactory(username="ben", first_name="Ben", last_name="Okafor")
    collection = CollectionFactory(name="Cabinet", members=[first, second, *members], second_review_share=1.0)
    claim = ClaimFactory(layer__document__collection=collection)
    accept(claim, by=first)
    reject(claim, by=second, reason="Wrong source")
    return claim


def _held(memo: Document) -> Claim:
    colleague = UserFactory(username="ines", first_name="Inês", last_name="Duarte")
    memo.collection.members.add(colleague)
    claim = Claim.objects.of_document(memo).awaiting_review().in_reading_order().last()
    assert claim is not None
    leases.take(claim.pk, by=colleague)
    return claim


def _import_job(by: User) -> Job:
    return Job.objects.create(
        kind="import", by=by, parameters={"name": "sources.csv", "kind": "sources"}, done=40, total=120
    )


def _past_decisions(collection: Collection, memo: Document, people: list[User]) -> None:
    """Two weeks of work on claims of the same engine, whose score is right about as often as it says."""
    text = "\n".join(f"Official {number} stated that point {number} holds." for number in range(PAST))
    layer = TextLayerFactory(document__collection=collection, document__title="Press digest", text=text)
    found = ExtractionRun.objects.filter(layer__document=memo).latest("pk")
    run = ExtractionRunFactory(layer=layer, engine=found.engine, engine_version=found.engine_version)
    who = DocumentSourceFactory(run=run, canonical="Official")
    now = timezone.now()
    for number in sorted(range(PAST), key=_ago, reverse=True):
        score = 0.12 + 0.86 * (number * 37 % PAST) / PAST
        right = number * 61 % 100 < 100 * score
        words = (f"Official {number}", "stated", f"point {number} holds")
        given = {"layer": layer, "run": run, "document_source": who, "words": words, "score": score}
        claim = ClaimFactory(
            **given, state=ClaimState.ACCEPTED if right else ClaimState.REJECTED, **_accepted(number, right=right)
        )
        Review.objects.create(
            claim=claim,
            analyst=people[number % 3 == 0],
            decision=Decision.ACCEPT if right else Decision.REJECT,
            reason="" if right else "Wrong content",
            seconds=4.0 + number % 7,
            version=2,
            at=now - _ago(number),
        )


def _ago(number: int) -> timedelta:
    return timedelta(days=number * 7 % 13, hours=number % 5, minutes=number % 50)


def _accepted(number: int, *, right: bool) -> dict[str, object]:
    if not right:
        return {}
    source = SourceFactory(descriptor=f"Official {number}")
    return {"source": source, "proposition": PropositionFactory(text=f"Point {number} holds."), "stance": "asserts"}
