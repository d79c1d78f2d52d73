"""How claims, propositions, grades, verdicts and reviews are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.reading import ReadModelSerializer, ReadSerializer
from claims.api import examples
from claims.models import (
    Claim,
    CredibilityAssessment,
    DocumentSource,
    ExtractionRun,
    Proposition,
    Review,
    Verdict,
)
from claims.origins import Standing, standings
from claims.resolution import SourceProposal
from claims.services.steps import ROLES
from documents.api.serializers import DocumentReference
from documents.models import TextLayer
from extraction.spans import Comparator, Granularity
from sources.api.serializers import SourceReference


class FragmentsField(serializers.ListField):
    child = serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2)


class SpanSerializer(ReadSerializer[Any]):
    quote = serializers.CharField(help_text="The words as they stand in the text, fragments joined by one space.")
    fragments = FragmentsField(help_text="[[start, end], ...] in code points of the text layer; end excluded.")


class SpansSerializer(ReadSerializer[Claim]):
    source = SpanSerializer(  # type: ignore[assignment]  # DRF takes declared fields off the class
        allow_null=True, help_text="Who speaks; null where the text names nobody."
    )
    cue = SpanSerializer(allow_null=True, help_text="The words that attribute.")
    content = SpanSerializer(help_text="What is said.")
    circumstance = SpanSerializer(allow_null=True, help_text="Under which circumstances it was said.")

    def to_representation(self, claim: Claim) -> dict[str, Any]:
        return {role: _span(claim, role) for role in ROLES}


def _span(claim: Claim, role: str) -> dict[str, Any] | None:
    quote = getattr(claim, f"{role}_quote")
    return {"quote": quote, "fragments": getattr(claim, f"{role}_fragments")} if quote else None


class TextLayerReference(ReadModelSerializer[TextLayer]):
    class Meta:
        model = TextLayer
        fields = ["id", "version"]


class QuantitySerializer(ReadSerializer[Any]):
    """A number with what it counts, as an interval; "as many as 35" is 0 to 35."""

    low = serializers.FloatField(allow_null=True, help_text="Null: open below.")
    high = serializers.FloatField(allow_null=True, help_text="Null: open above.")
    unit = serializers.CharField(
        help_text="What is counted, singular, or a code (%, USD); empty if the text is silent."
    )
    comparator = serializers.ChoiceField(choices=list(get_args(Comparator)))
    words = serializers.CharField()
    fragments = FragmentsField()


class TimeSerializer(ReadSerializer[Any]):
    """When, as an interval of whole days, both ends included."""

    earliest = serializers.DateField(allow_null=True, help_text="Null: open, or not to be told.")
    latest = serializers.DateField(allow_null=True)
    granularity = serializers.ChoiceField(choices=list(get_args(Granularity)))
    words = serializers.CharField()
    fragments = FragmentsField()


class PrintedGradeSerializer(ReadSerializer[Any]):
    """A grading the document itself prints; it is never taken over as a grade."""

    grade = serializers.CharField(help_text="On the Admiralty scale; empty where the words name none.")
    words = serializers.CharField()


class CommitmentSerializer(ReadSerializer[dict[str, Any]]):
    """What the engine read in the words of the claim."""

    negated_cue = serializers.BooleanField(help_text='The cue is negated: "does not believe that ...".')
    negated = serializers.BooleanField(help_text="The main clause of the content is negative.")
    quantities = QuantitySerializer(many=True)
    times = TimeSerializer(many=True)
    reported = TimeSerializer(allow_null=True, help_text="When the source said it, by the same sentence.")
    printed_credibility = PrintedGradeSerializer(allow_null=True)

    def to_representation(self, commitment: dict[str, Any]) -> Any:
        return super().to_representation(commitment) if commitment else None


class InDocumentSourceSerializer(ReadModelSerializer[DocumentSource]):
    """A source as the document itself speaks of it, before it is tied to a source known across documents."""

    source = serializers.IntegerField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        source="source.standing_id", allow_null=True, help_text="Id of the known source, if tied."
    )

    class Meta:
        model = DocumentSource
        fields = [
            "id",
            "label",
            "canonical",
            "kind",
            "anonymous",
            "access",
            "affiliation",
            "condition",
            "knowledge",
            "knowledge_level",
            "expertise",
            "printed_reliability",
            "printed_reliability_words",
            "source",
        ]


class TellerSerializer(ReadSerializer[dict[str, Any]]):
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    canonical = serializers.CharField()
    source = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]  # the same


class ClaimedSourceSerializer(ReadSerializer[Claim]):
    """The source of a claim, by a name that the caller may read."""

    id = serializers.IntegerField(source="source.standing_id")
    descriptor = serializers.CharField(source="source_name")

    def to_representation(self, claim: Claim) -> Any:
        return super().to_representation(claim) if claim.source else None


class PropositionReference(ReadModelSerializer[Proposition]):
    class Meta:
        model = Proposition
        fields = ["id", "text"]


class GradesSerializer(ReadSerializer[Claim]):
    reliability = serializers.CharField(help_text="A-F, of the source.")
    credibility = serializers.CharField(help_text="1-6, of the claim.")
    judged = serializers.BooleanField(help_text="Whether anybody gave either; F and 6 stand for 'not yet' as well.")


class EngineSerializer(ReadModelSerializer[ExtractionRun]):
    name = serializers.CharField(source="engine")
    version = serializers.CharField(source="engine_version")

    class Meta:
        model = ExtractionRun
        fields = ["name", "version"]


@extend_schema_serializer(examples=[OpenApiExample("An accepted claim", value=examples.CLAIM, response_only=True)])
class ClaimSerializer(ReadModelSerializer[Claim]):
    document = DocumentReference(source="layer.document")
    text_layer = TextLayerReference(source="layer")
    spans = SpansSerializer(source="*")
    commitment = CommitmentSerializer(allow_null=True, help_text="Null for a claim added by hand.")
    in_document_source = InDocumentSourceSerializer(source="document_source", allow_null=True)
    chain = TellerSerializer(
        many=True, source="tellers", help_text="Who told whom, from the outermost teller to the claim's own source."
    )
    source = ClaimedSourceSerializer(  # type: ignore[assignment]  # DRF takes declared fields off the class
        source="*", allow_null=True, help_text="Whom it is ascribed to; the one that stands, if that one was merged."
    )
    given_source = serializers.IntegerField(
        source="given_source_id",
        allow_null=True,
        help_text="Id of the source it had when it was accepted, before any merge or split.",
    )
    proposition = PropositionReference(allow_null=True)
    grades = GradesSerializer(source="*")
    engine = EngineSerializer(source="run", allow_null=True, help_text="What found it; null when added by hand.")

    class Meta:
        model = Claim
        fields = [
            "id",
            "document",
            "text_layer",
            "spans",
            "type",
            "hedge",
            "modality",
            "commitment",
            "score",
            "score_calibrated",
            "resolution_uncertain",
            "state",
            "in_document_source",
            "chain",
            "source",
            "given_source",
            "proposition",
            "stance",
            "grades",
            "information_date",
            "reported_date",
            "engine",
            "version",
            "created_at",
        ]


class ReviewSerializer(ReadModelSerializer[Review]):
    analyst = serializers.CharField(source="analyst.display_name")
    undone = serializers.SerializerMethodField(help_text="Whether a later step undid this one.")

    class Meta:
        model = Review
        fields = ["id", "claim", "analyst", "decision", "reason", "version", "undoes", "undone", "at"]

    def get_undone(self, review: Review) -> bool:
        return hasattr(review, "undone_by")


class DecisionSerializer(ReadSerializer[Any]):
    """What a decision left behind: its own row, which an undo names, and the claim as it is now."""

    review = ReviewSerializer()
    claim = ClaimSerializer()


class VerdictSerializer(ReadModelSerializer[Verdict]):
    by = serializers.CharField(source="by.display_name")
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Verdict
        fields = [
            "id",
            "proposition",
            "outcome",
            "decided_on",
            "evidence",
            "by",
            "at",
            "in_force",
            "withdrawn_at",
            "withdrawal_reason",
        ]

    def get_in_force(self, verdict: Verdict) -> bool:
        return verdict.withdrawn_at is None


class StandingSerializer(ReadSerializer[Standing]):
    """What its claims make of a proposition, as far as the caller sees them."""

    reports = serializers.IntegerField(help_text="Accepted claims that count.")
    origins = serializers.IntegerField(source="independent", help_text="Independent origins they come from.")
    probability = serializers.FloatField(allow_null=True, help_text="All reports considered; null without one.")
    in_words = serializers.CharField(help_text="The ICD 203 word; empty without a report.")
    contested = serializers.BooleanField(help_text="Some speak for it and some against it.")


class PropositionListSerializer(serializers.ListSerializer[Any]):
    def to_representation(self, data: Any) -> Any:
        rows = list(data)
        if "standing" in self.child.shown:  # type: ignore[union-attr]
            self.child.standings = standings_of(rows, self.context)  # type: ignore[union-attr]
        return super().to_representation(rows)


class PropositionSerializer(ReadModelSerializer[Proposition]):
    """Needs the `user` who reads, or a request by them, in its context."""

    verdict = VerdictSerializer(allow_null=True, help_text="The one in force, if any.")
    standing = serializers.SerializerMethodField()
    standings: dict[int, Standing] | None = None

    class Meta:
        model = Proposition
        list_serializer_class = PropositionListSerializer
        fields = ["id", "text", "topic", "verdict", "standing", "created_at"]

    @extend_schema_field(StandingSerializer)
    def get_standing(self, row: Proposition) -> dict[str, Any]:
        found = self.standings if self.standings is not None else standings_of([row], self.context)
        return self._standing.to_representation(found[row.pk])

    @cached_property
    def _standing(self) -> StandingSerializer:
        """One for all rows."""
        return StandingSerializer()


def standings_of(rows: list[Proposition], context: Mapping[str, Any]) -> dict[int, Standing]:
    user = context.get("user") or context["request"].user
    return standings([row.pk for row in rows], Claim.objects.visible_to(user))


class CredibilitySerializer(ReadModelSerializer[CredibilityAssessment]):
    by = serializers.CharField(source="by.display_name")
    grade = serializers.CharField(help_text="1-6.")
    likelihood_words = serializers.CharField(help_text="The ICD 203 word for the likelihood; empty without one.")

    class Meta:
        model = CredibilityAssessment
        fields = ["id", "claim", "grade", "likelihood", "likelihood_words", "confidence", "basis", "by", "at"]


class SourceProposalSerializer(ReadSerializer[SourceProposal]):
    """A known source, and what speaks for its being the one."""

    source = SourceReference()  # type: ignore[assignment]  # DRF takes declared fields off the class
    score = serializers.FloatField(help_text="0 to 1: how much speaks for it. Not a measured probability.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="The weightiest first.")
