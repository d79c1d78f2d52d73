from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pghistory
import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, JSONObject, Left, Upper
from django.utils import timezone

from claims.models.found import ChainLink, DocumentSource, ExtractionRun
from claims.models.judgement import CredibilityAssessment
from claims.models.proposition import Proposition
from claims.models.second_review import INDEXED_CHARACTERS, SecondReview, SecondReviewState
from claims.models.seen import AsSeen
from documents.models import Collection, Document, TextLayer
from grading.scales import Credibility, Reliability
from sources.models import ReliabilityAssessment, Source, any_of

if TYPE_CHECKING:
    from accounts.models import User


class ClaimType(models.TextChoices):
    DIRECT = "direct", "Direct"
    INDIRECT = "indirect", "Indirect"
    MIXED = "mixed", "Mixed"


class Modality(models.TextChoices):
    FACT = "fact", "Fact"
    BELIEF = "belief", "Belief"
    FEAR = "fear", "Fear"
    PLAN = "plan", "Plan"
    DENIAL = "denial", "Denial"


class ClaimState(models.TextChoices):
    CANDIDATE = "candidate", "Awaiting review"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    SUPERSEDED = "superseded", "Dropped by a newer engine"
    WITHDRAWN = "withdrawn", "Merged or taken back by an analyst"


class Stance(models.TextChoices):
    ASSERTS = "asserts", "Asserts"
    DENIES = "denies", "Denies"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: User) -> Self:
        """Those in collections of the user, without those whose first decision is kept from them (see `seen_by`)."""
        blind = SecondReview.objects.keeping_blind(user).values("claim")
        return self.filter(collection__in=Collection.objects.ids_visible_to(user)).exclude(pk__in=blind)

    def seen_by(self, user: User) -> Self:
        """All in collections of the user, each as they may see it, for lists and pages of claims to be reviewed.

        A claim whose first decision is kept from the user comes as the engine found it, or as they have it so far.
        Conditions on what reviewers change still look at the claim as it is: ask for a state by `seen_in_state`.
        """
        return self.filter(collection__in=Collection.objects.ids_visible_to(user)).as_seen_by(user)

    def as_seen_by(self, user: User) -> Self:
        """`seen_by` of rows that are in collections of the user."""
        own = SecondReview.objects.worked_on_by(user).filter(claim=OuterRef("pk"))
        rows = self.annotate(seen=Subquery(own.values("seen")[:1], output_field=models.JSONField(null=True)))
        rows._iterable_class = AsSeen
        return rows

    def seen_in_state(self, state: str, user: User) -> Self:
        """Of `seen_by`, those that the user sees in a state. Asks first whether any differ from what they are."""
        own = SecondReview.objects.worked_on_by(user)
        if not own.exists():
            return self.filter(state=state)
        as_they_are = Q(state=state) & ~Q(pk__in=own.values("claim"))
        return self.filter(as_they_are | Q(pk__in=own.filter(seen_state=state).values("claim")))

    def seen_in_version(self, version: int, user: User) -> Self:
        """Of `seen_by`, those that the user sees in a version."""
        own = SecondReview.objects.worked_on_by(user).annotate(seen_version=KeyTextTransform("version", "seen"))
        as_they_are = Q(version=version) & ~Q(pk__in=own.values("claim"))
        return self.filter(as_they_are | Q(pk__in=own.filter(seen_version=str(version)).values("claim")))

    def as_worded(self, user: User) -> Self:
        """Of `seen_by`, without those that the user sees in other words than they have: a filter would tell."""
        return self.exclude(pk__in=SecondReview.objects.reworded_for(user).values("claim"))

    def seen_with(self, user: User, as_they_are: Q, **seen: Any) -> Self:
        """Of `seen_by`, those that satisfy a condition as they are, or in the version that the user sees instead.

        seen: the same condition on the annotations of `SecondReview.objects.reworded_for(user)`.
        """
        own = SecondReview.objects.reworded_for(user)
        if not own.exists():
            return self.filter(as_they_are)
        others = as_they_are & ~Q(pk__in=own.values("claim"))
        return self.filter(others | Q(pk__in=own.filter(**seen).values("claim")))

    def seen_matching(self, words: str, user: User) -> Self:
        """`matching`, in the words that the user sees."""
        query = SearchQuery(words, search_type="websearch", config="english")
        return self.seen_with(user, Q(search=query), seen_search=query)

    def as_ascribed(self, user: User) -> Self:
        """Of `seen_by`, without those whose source and proposition are kept from the user."""
        return self.exclude(pk__in=SecondReview.objects.keeping_blind(user).values("claim"))

    def for_second_review(self, user: User) -> Self:
        """Claims that wait for the user's blind second opinion, as `seen_by` them."""
        return self.seen_by(user).filter(pk__in=SecondReview.objects.waiting_for(user).values("claim"))

    def waiting_for(self, user: User) -> Self:
        """Of rows in collections of the user, what they can decide: candidates, and what waits for a second opinion."""
        given = SecondReview.objects.filter(analyst=user, state=SecondReviewState.GIVEN).values("claim")
        second = SecondReview.objects.waiting_for(user).values("claim")
        return self.filter(Q(state=ClaimState.CANDIDATE) & ~Q(pk__in=given) | Q(pk__in=second))

    def awaiting_review(self) -> Self:
        return self.filter(state=ClaimState.CANDIDATE)

    def accepted(self) -> Self:
        return self.filter(state=ClaimState.ACCEPTED)

    def current(self) -> Self:
        """All but those that a newer engine dropped, or that analysts merged into others or took back."""
        return self.exclude(state__in=[ClaimState.SUPERSEDED, ClaimState.WITHDRAWN])

    def by_source(self, source_id: int) -> Self:
        """Claims of a source and of all that were found to be one with it."""
        return self.filter(source__in=Source.objects.family_ids(source_id))

    def of_document(self, document: Document) -> Self:
        return self.filter(layer__document=document)

    def tally_by_document(self, user: User) -> dict[int, dict[str, int]]:
        """How many claims each document has in each state, as the user sees them: `{document id: {state: count}}`.

        In one query.
        """
        tally: dict[int, dict[str, int]] = {}
        own = SecondReview.objects.worked_on_by(user).filter(claim=OuterRef("pk"))
        shown = Coalesce(
            Subquery(own.values("seen_state")[:1], output_field=models.TextField()),
            F("state"),
            output_field=models.TextField(),
        )
        counted = self.order_by().annotate(shown=shown).values_list("layer__document_id", "shown")
        for document_id, state, count in counted.annotate(count=Count("id")):
            tally.setdefault(document_id, {})[state] = count
        return tally

    def untouched(self) -> Self:
        """Candidates that nobody has decided or edited."""
        return self.filter(state=ClaimState.CANDIDATE, reviews__isnull=True)

    def matching(self, words: str) -> Self:
        return self.filter(search=SearchQuery(words, search_type="websearch", config="english"))

    def in_reading_order(self) -> Self:
        return self.order_by("layer_id", "start", "id")

    def with_grades(self) -> Self:
        """Adds what `reliability` (of the source), `credibility` and `judged` need."""
        # Not with an `Exists` beside these: for it, PostgreSQL reads all assessments there are (see `any_of`).
        standing = Coalesce(OuterRef("source__merged_into"), OuterRef("source"))
        reliability = ReliabilityAssessment.objects.grades().filter(source=standing, topic="").newest_first()
        credibility = CredibilityAssessment.objects.filter(claim=OuterRef("pk")).newest_first()
        return self.annotate(
            given_reliability=Subquery(reliability.values("grade")[:1]),
            given_credibility=Subquery(credibility.values("grade")[:1]),
        )

    def named_for(self, user: User) -> Self:
        """Adds what `source_name` needs: whether the claim's source also speaks in collections the user may not see."""
        hidden = Collection.objects.ids_hidden_from(user)
        if not hidden:
            return self.annotate(source_worded_elsewhere=models.Value(False))
        standing = Coalesce(OuterRef("source__merged_into"), OuterRef("source"))
        elsewhere = Claim.objects.filter(collection__in=hidden)
        return self.annotate(
            source_worded_elsewhere=any_of(
                elsewhere.filter(source=standing), elsewhere.filter(source__merged_into=standing)
            )
        )

    def with_tellers(self) -> Self:
        """Adds `tellers`: of each in its chain the label, the name in the document, and the id of the known source."""
        links = ChainLink.objects.filter(claim=OuterRef("pk")).order_by("position")
        source = Coalesce("document_source__source__merged_into", "document_source__source")
        teller = JSONObject(label="document_source__label", canonical="document_source__canonical", source=source)
        return self.annotate(tellers=ArraySubquery(links.values_list(teller)))

    def for_list(self) -> Self:
        """With what a row of a list shows, newest first, and without the text of the layer and the text indexes."""
        return (
            self.select_related("layer__document__collection", "run", "document_source", "proposition")
            .select_related("source__merged_into", "document_source__source")
            .defer("layer__text", "layer__furniture", "layer__segments", "layer__page_starts")
            .defer("search", "source__search", "source__merged_into__search", "document_source__source__search")
            .defer("proposition__search")
            .prefetch_related(Prefetch("chain", ChainLink.objects.with_sources()))
            .with_grades()
            .order_by("-id")
        )


def doubt() -> CombinedExpression:
    """p(1 - p) of the score, 0 to 0.25; a claim added by hand has none and counts as even."""
    score = Coalesce("score", 0.5, output_field=models.FloatField())
    return score * (1.0 - score)


def fragments_field(help_text: str, *, blank: bool = False) -> ArrayField[Any, Any]:
    return ArrayField(
        ArrayField(models.PositiveIntegerField(), size=2),
        default=list,
        blank=blank,
        help_text=f"{help_text} [[start, end], ...]",
    )


@pghistory.track(exclude=["search"])
class Claim(models.Model):
    """What a document says a source said, at one place.

    Every role keeps its quote and its fragments `[start, end)` in code points of the layer's text:
    `" ".join(layer.text[start:end] for start, end in fragments) == quote`.
    """

    layer = models.ForeignKey(TextLayer, on_delete=models.PROTECT, related_name="claims")
    collection = models.ForeignKey(
        Collection,
        on_delete=models.PROTECT,
        related_name="claims",
        editable=False,
        help_text="That of the document, kept here so that lists have an index; a trigger sets it.",
    )
    run = models.ForeignKey(
        ExtractionRun,
        on_delete=models.PROTECT,
        related_name="claims",
        null=True,
        blank=True,
        help_text="Empty: added by hand.",
    )
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the fragments as first found; edits keep it.")
    start = models.PositiveIntegerField(help_text="First character of the attribution, for reading order.")
    source_quote = models.TextField(blank=True, help_text="Empty where the text names nobody.")
    source_fragments = fragments_field("Where.", blank=True)
    cue_quote = models.TextField(blank=True)
    cue_fragments = fragments_field("Where.", blank=True)
    content_quote = models.TextField(help_text="The words claimed, as the document has them.")
    content_fragments = fragments_field("Where.")
    circumstance_quote = models.TextField(blank=True)
    circumstance_fragments = fragments_field("Where.", blank=True)
    type = models.CharField(max_length=10, choices=ClaimType)
    hedge = models.TextField(blank=True, help_text="Words that lower commitment, verbatim, separated by '; '.")
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.FACT)
    commitment = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the engine read in the words: quantities, times, polarity, a printed grading. "
        "The shape is that of extraction.output.commitment_record; empty for claims added by hand.",
    )
    score = models.FloatField(null=True, blank=True, help_text="0 to 1, from the engine; empty when added by hand.")
    score_calibrated = models.BooleanField(default=False, help_text="Whether the score reads as a probability.")
    resolution_uncertain = models.BooleanField(default=False, help_text="The text leaves open who the source is.")
    state = models.CharField(max_length=12, choices=ClaimState, default=ClaimState.CANDIDATE)
    document_source = models.ForeignKey(
        DocumentSource, on_delete=models.PROTECT, related_name="claims", null=True, blank=True
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claims", null=True, blank=True)
    given_source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="The source it had when it was accepted, whatever was split since; a trigger sets it.",
    )
    proposition = models.ForeignKey(Proposition, on_delete=models.PROTECT, related_name="claims", null=True, blank=True)
    stance = models.CharField(max_length=10, choices=Stance, blank=True)
    information_date = models.DateField(null=True, blank=True, help_text="When what is reported happened or was known.")
    reported_date = models.DateField(null=True, blank=True, help_text="When it was reported.")
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change; a stale writer is refused.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector(Left("content_quote", INDEXED_CHARACTERS), config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        permissions = [
            ("review_claim", "Can accept, reject, edit and undo"),
            ("assess_claim", "Can judge the credibility of a claim"),
        ]
        constraints = [
            models.UniqueConstraint(name="claim_once_per_place", fields=["layer", "fingerprint"]),
            models.CheckConstraint(name="claim_state_known", condition=Q(state__in=ClaimState.values)),
            models.CheckConstraint(name="claim_type_known", condition=Q(type__in=ClaimType.values)),
            models.CheckConstraint(name="claim_modality_known", condition=Q(modality__in=Modality.values)),
            models.CheckConstraint(
                name="claim_content_not_empty",
                condition=~Q(content_quote="") & ~Q(content_fragments=[]),
                violation_error_message="The content must cover at least one character.",
            ),
            models.CheckConstraint(
                name="claim_score_between_0_and_1", condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1)
            ),
            models.CheckConstraint(
                name="claim_accepted_is_complete",
                condition=(
                    Q(state="accepted", source__isnull=False, proposition__isnull=False, stance__in=Stance.values)
                    | (~Q(state="accepted") & Q(proposition__isnull=True, stance=""))
                ),
                violation_error_message=(
                    "An accepted claim has a source, a proposition and a stance; any other has no proposition."
                ),
            ),
        ]
        indexes = [
            models.Index(name="claim_reading_order", fields=["layer", "start", "id"]),
            models.Index(  # the queue: what waits in reading order, the most doubtful first, and at random
                name="claim_waiting_in_order", fields=["layer", "start", "id"], condition=Q(state="candidate")
            ),
            models.Index(
                models.F("collection"),
                doubt().desc(),
                models.F("id"),
                name="claim_waiting_doubtful",
                condition=Q(state="candidate"),
            ),
            models.Index(
                name="claim_waiting_shuffled",
                fields=["collection", "fingerprint", "id"],
                condition=Q(state="candidate"),
            ),
            models.Index(name="claim_collection_newest", fields=["collection", "-id"]),
            models.Index(name="claim_collection_state_newest", fields=["collection", "state", "-id"]),
            # In these orders the API lists claims, collection by collection; with the state, so that a page of those in
            # one state is found without looking into the table.
            models.Index(name="claim_by_score", fields=["collection", "score", "id"], include=["state"]),
            models.Index(name="claim_by_reported", fields=["collection", "reported_date", "id"], include=["state"]),
            models.Index(
                name="claim_by_information", fields=["collection", "information_date", "id"], include=["state"]
            ),
            models.Index(Upper("cue_quote"), models.F("id").desc(), name="claim_cue_newest"),
            models.Index(  # for the records: without it few of them are found by looking at each claim
                name="claim_no_fact_newest", fields=["modality", "-id"], condition=~Q(modality="fact")
            ),
            models.Index(name="claim_source_newest", fields=["source", "-id"]),
            models.Index(  # all that a track record asks of claims: the table itself is ten times as large
                name="claim_accepted_of_source",
                fields=["source"],
                include=["id", "proposition", "stance", "reported_date", "layer"],
                condition=Q(state="accepted"),
            ),
            models.Index(name="claim_source_collection", fields=["source", "collection"]),
            models.Index(name="claim_denial", fields=["proposition"], condition=Q(stance="denies")),
            GinIndex(name="claim_search", fields=["search"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="claim_in_collection_of_document",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("layer_id", "collection_id"),  # type: ignore[no-untyped-call]
                func=(
                    "NEW.collection_id := (SELECT document.collection_id FROM documents_document document "
                    "JOIN documents_textlayer layer ON layer.document_id = document.id WHERE layer.id = NEW.layer_id); "
                    "RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="claim_remembers_given_source",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "source_id", "given_source_id"),  # type: ignore[no-untyped-call]
                func=(
                    "IF NEW.state <> 'accepted' THEN NEW.given_source_id := NULL; "
                    "ELSIF TG_OP = 'UPDATE' AND OLD.state = 'accepted' "
                    "THEN NEW.given_source_id := OLD.given_source_id; "
                    "ELSE NEW.given_source_id := NEW.source_id; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.FSM(
                name="claim_state_moves",
                field="state",
                transitions=[
                    ("candidate", "accepted"),
                    ("candidate", "rejected"),
                    ("candidate", "superseded"),
                    ("accepted", "candidate"),
                    ("rejected", "candidate"),
                    ("superseded", "candidate"),
                    ("candidate", "withdrawn"),
                    ("withdrawn", "candidate"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_quote[:40]} | {self.cue_quote[:20]} | {self.content_quote[:60]}"

    @property
    def edit_tag(self) -> str:
        """Names what reviewers may change. Grades and verdicts do not move it."""
        return f"v{self.version}"

    @property
    def first_character(self) -> int:
        """Where its source, cue and content begin: what `start` is to be."""
        marked: list[list[list[int]]] = [self.source_fragments, self.cue_fragments, self.content_fragments]
        return min(pieces[0][0] for pieces in marked if pieces)

    @property
    def wording(self) -> str:
        """The content on one line."""
        return " ".join(self.content_quote.split())

    @property
    def source_name(self) -> str:
        """What the reader asked for by `named_for` may call the claim's source: never a name from elsewhere.

        Empty without a source. Raises AttributeError without `named_for`.
        """
        if self.source is None:
            return ""
        return self.name_of(self.source.standing, worded_elsewhere=self.source_worded_elsewhere)  # type: ignore[attr-defined]  # an annotation

    def name_of(self, standing: Source, *, worded_elsewhere: bool) -> str:
        """What a source is called beside this claim. worded_elsewhere: also where the reader sees nothing."""
        if not worded_elsewhere:
            return standing.descriptor
        here = self.document_source.canonical if self.document_source else self.source_quote
        return standing.sanitised_name or " ".join(here.split()) or standing.get_kind_display()

    @property
    def reliability(self) -> str:
        """A-F, of the source; F as well when never judged. Raises AttributeError without `with_grades`, as the next."""
        return self.given_reliability or Reliability.F.value  # type: ignore[attr-defined]  # an annotation

    @property
    def credibility(self) -> str:
        """1-6; 6 as well when never judged."""
        return self.given_credibility or Credibility.CANNOT_BE_JUDGED.value  # type: ignore[attr-defined]  # the same

    @property
    def judged(self) -> bool:
        """Whether anybody gave either grade."""
        return bool(self.given_reliability or self.given_credibility)  # type: ignore[attr-defined]  # the same

    @property
    def chain_of_tellers(self) -> list[DocumentSource]:
        """From the outermost teller to the claim's own source."""
        return [link.document_source for link in self.chain.all()]
