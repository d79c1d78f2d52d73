"""Examples for the API's schema; a test checks that they have the shape of real answers."""

from __future__ import annotations

from typing import Any

CLAIM: dict[str, Any] = {
    "id": 12,
    "document": {
        "id": 3,
        "label": "C05739545",
        "doc_number": "C05739545",
        "title": "H: LATEST INTEL",
        "collection": {"id": 1, "name": "Inbox"},
    },
    "text_layer": {"id": 3, "version": 1},
    "spans": {
        "source": {"quote": "a source close to the cabinet", "fragments": [[40, 69]]},
        "cue": {"quote": "stated that", "fragments": [[70, 81]]},
        "content": {"quote": "the talks have failed", "fragments": [[82, 103]]},
        "circumstance": None,
    },
    "type": "indirect",
    "hedge": "",
    "modality": "fact",
    "commitment": {
        "negated_cue": False,
        "negated": False,
        "quantities": [],
        "times": [],
        "reported": None,
        "printed_credibility": None,
    },
    "score": 0.91,
    "score_calibrated": False,
    "resolution_uncertain": False,
    "state": "accepted",
    "in_document_source": {
        "id": 8,
        "label": "S1",
        "canonical": "a source close to the cabinet",
        "kind": "unnamed_person",
        "anonymous": True,
        "access": "close to the cabinet",
        "affiliation": "",
        "condition": "",
        "knowledge": "",
        "knowledge_level": "unknown",
        "expertise": "",
        "printed_reliability": "",
        "printed_reliability_words": "",
        "source": 5,
    },
    "chain": [{"label": "S1", "canonical": "a source close to the cabinet", "source": 5}],
    "source": {"id": 5, "descriptor": "a source close to the cabinet"},
    "given_source": 5,
    "proposition": {"id": 9, "text": "The talks have failed."},
    "stance": "asserts",
    "grades": {"reliability": "F", "credibility": "6", "judged": False},
    "information_date": None,
    "reported_date": "2013-01-18",
    "engine": {"name": "hearsay", "version": "0.1.0"},
    "version": 2,
    "created_at": "2026-01-15T09:30:00Z",
}
ACCEPT = {"new_source": "A person close to the cabinet", "wording": "The talks have failed.", "version": 1}
REJECT = {"reason": "Not a claim: the author only asks.", "version": 1}
EDIT = {"spans": {"source": [[38, 69]]}, "new_source": "A person close to the cabinet", "version": 1}
SETTLE = {
    "outcome": "false",
    "decided_on": "2013-02-01",
    "evidence": "C05739602, paragraph 2: it was signed.",
}
ADD = {"text_layer": 3, "spans": {"source": [[140, 149]], "cue": [[150, 154]], "content": [[160, 198]]}, "hedge": "may"}
SPLIT = {"contents": [[[82, 103]], [[108, 128]]]}
MERGE = {"other": 13, "other_version": 1}
BULK = {"decision": "accept", "claims": [{"id": 12, "version": 1}, {"id": 13, "version": 2}]}
