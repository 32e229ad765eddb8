"""A pack that says everything that a pack can say, as data; nothing in it is about the world."""

from toml_writing import Data, as_pack, in_toml

__all__ = ["EVERYTHING", "Data", "as_pack", "in_toml"]

SOURCED = {"source": "page", "confidence": "M"}
EMPLOYED = {"circumstance": "employed", "is": True}
PASSPORTS = {"circumstance": "nationality", "in": ["BD", "IN"]}
BOTH: Data = {"all": [EMPLOYED, {"any": [PASSPORTS, {"not": EMPLOYED}]}]}
LETTERS = {"levels": ["A", "B"], "minimum": "0", "maximum": "9", "step": 1}


def _step(code: str, *after: str) -> Data:
    return {
        "code": code,
        "title": code,
        "title_bn": code,
        "after": list(after),
        "scope": "shared",
        "kind": "window",
        "owner": "student",
        "days": {"min": 1, "typical": 2, "max": 3},
        "hard_days": 7,
        "documents_in": ["passport"],
        "documents_out": ["passport"],
        "facts": ["rate.2"],
        "advice": "Begin early.",
        "advice_bn": "আগে শুরু করুন।",
        "note": "A note.",
        "note_bn": "একটি কথা।",
        "irreversible": True,
        "common": "passport",
        "known_first": ["A", "employed"],
        "counts": "calendar",
        "calendar": "",
        "answered_by": ["passport"],
        **SOURCED,
    }


EVERYTHING: Data = {
    "pack": {"id": "all", "title": "All", "title_bn": "সব", "version": "1", "review_by": "2027-01-01", "layer": "base"},
    "sources": [
        {
            "id": "page",
            "title": "A page",
            "title_bn": "একটি পাতা",
            "kind": "official",
            "retrieved_on": "2026-11-01",
            "url": "https://example.org",
            "published": "2026",
        }
    ],
    "facts": [
        {"id": "rate.1", "key": "rate", "value": "900", "unit": "EUR/month", "valid_to": "2025-12-31", **SOURCED},
        {
            "id": "rate.2",
            "key": "rate",
            "value": "950",
            "unit": "EUR/month",
            "scope": {
                "country": "DE",
                "mission": "DE/DHAKA",
                "nationality": ["BD"],
                "level": "master",
                "institution": "RWTH",
            },
            "valid_from": "2026-01-01",
            "valid_to": "2026-12-31",
            "valid_from_precision": "year",
            "applies_by": "lodgement_date",
            "supersedes": "rate.1",
            "note": "A note.",
            "note_bn": "একটি কথা।",
            **SOURCED,
        },
        {"id": "lead.1", "key": "lead", "value": "8", "unit": "weeks", **SOURCED},
        {"id": "held.1", "key": "held.days", "value": "28", "unit": "days", **SOURCED},
        {"id": "year.1", "key": "year", "value": "29710", "unit": "AUD/year", **SOURCED},
        {"id": "open.1", "key": "open", "value": True, **SOURCED},
        {"id": "said.1", "key": "said", "value": "often at once", "value_bn": "প্রায়ই সঙ্গে সঙ্গে", **SOURCED},
    ],
    "tests": [
        {
            "code": "ONE",
            "title": "One",
            "title_bn": "এক",
            "total": "mean_half_up",
            "sections": [
                {"name": "reading", "derived": False, "minimum": "0", "maximum": "9", "step": 1, "passes_from": "4"},
                {"name": "both", "derived": True, "mean_of": ["reading"], **LETTERS},
            ],
            "valid_months": 24,
            "valid_note": "A note.",
            "valid_note_bn": "একটি কথা।",
            "taken_from": "2026-01-21",
            "taken_until": "2030-01-21",
            "edition_of": "ONES",
            "framework": True,
            "minimum": "0",
            "maximum": 9,
            "step": "0.5",
            "levels": [],
            "passes_from": "5",
            **SOURCED,
        }
    ],
    "concordances": [
        {
            "id": "one-to-one",
            "publisher": "Nobody",
            "publisher_bn": "কেউ না",
            "from_test": "ONE",
            "to_test": "ONE",
            "part": "total",
            "rows": [{"from": "7", "to": "6.5"}],
            "note": "A note.",
            **SOURCED,
        }
    ],
    "grade_scales": [
        {
            "id": "OF_FIVE",
            "title": "Of five",
            "title_bn": "পাঁচে",
            "country": "DE",
            "best": "5",
            "worst": 0,
            "lowest_pass": "2.00",
            "decimals": 2,
            "bands": [{"name": "first", "at_least": "4", "percent_from": "80"}],
            "note": "A note.",
            **SOURCED,
        }
    ],
    "grade_conversions": [
        {
            "id": "to-five",
            "title": "To five",
            "title_bn": "পাঁচে",
            "method": "table",
            "from_scale": "OF_FIVE",
            "to_scale": "OF_FIVE",
            "institution": "RWTH",
            "factor": "1",
            "offset": "0",
            "rows": [{"from": "4", "to": "4"}],
            "rounding": "truncate_1",
            "note": "A note.",
            "note_bn": "একটি কথা।",
            **SOURCED,
        }
    ],
    "document_kinds": [
        {
            "code": "passport",
            "title": "Passport",
            "title_bn": "পাসপোর্ট",
            "valid_months": 12,
            "uses_expiry_date": True,
            "remaining_months": 6,
            "with_new_passport": "ask",
            "note": "A note.",
            **SOURCED,
        }
    ],
    "checklists": [
        {
            "id": "papers",
            "title": "Papers",
            "title_bn": "কাগজপত্র",
            "version": "1",
            "mission": "DE/DHAKA",
            "authority": "official",
            "used_at": "B",
            "items": [
                {
                    "code": "passport",
                    "order": 1,
                    "title": "Passport",
                    "section": "main",
                    "document": "passport",
                    "original": 1,
                    "copies": 2,
                    "required": True,
                    "required_when": BOTH,
                    "when_to_add": [{"when": EMPLOYED, "add": ["passport"], "text": "Also the old one."}],
                    "title_bn": "পাসপোর্ট",
                    "note": "A note.",
                    "note_bn": "একটি কথা।",
                    "confidence": "M",
                },
                {"code": "other", "order": 2, "title": "Other", "one_of": ["passport"], "confidence": "M"},
            ],
            "rules": [{"code": "no_staples", "text": "Nothing is stapled.", "text_bn": "স্ট্যাপল নয়।", **SOURCED}],
            "note": "A note.",
            **SOURCED,
        }
    ],
    "pathways": [
        {
            "id": "way",
            "title": "Way",
            "title_bn": "পথ",
            "country": "DE",
            "mission": "DE/DHAKA",
            "nationality": ["BD"],
            "level": "master",
            "application_step": "A",
            "admission_step": "A",
            "decision_step": "B",
            "arrival_step": "B",
            "lodgement_step": "A",
            "checklist": "papers",
            "steps": [{**_step("A"), "only_if": BOTH}, _step("B", "A")],
            "lead_times": [{"step": "A", "fact": "lead", "when": BOTH, "basis": "received"}],
            "note": "A note.",
        }
    ],
    "money_rules": [
        {
            "id": "money",
            "kind": "monthly_rate",
            "country": "DE",
            "level": "master",
            "rate": "rate",
            "months": 12,
            "proofs": ["passport"],
            "plus_first_year_tuition_when": BOTH,
            "letters": ["passport"],
            "alone": ["passport"],
            "note": "A note.",
            "note_bn": "একটি কথা।",
            **SOURCED,
        },
        {
            "id": "held",
            "kind": "held_for_days",
            "country": "GB",
            "living": [{"fact": "rate", "person": "student", "when": BOTH}],
            "months": 9,
            "days": "held.days",
            "within_days": "held.days",
            **SOURCED,
        },
        {
            "id": "yearly",
            "kind": "yearly_sum",
            "country": "AU",
            "living": [{"fact": "year"}],
            "minus_paid": True,
            "travel": True,
            "incomes": [{"fact": "year", "with_family": False}],
            **SOURCED,
        },
        {"id": "stated", "kind": "stated_cost", "country": "US", **SOURCED},
    ],
    "closures": [
        {
            "id": "shut",
            "country": "GB",
            "level": "master",
            "nationality": ["AF"],
            "not_nationality": ["BD"],
            "complete": False,
            "what": "suspended",
            "valid_from": "2026-03-26",
            "valid_to": "2027-03-26",
            "applies_by": "lodgement_date",
            "note": "A note.",
            **SOURCED,
        }
    ],
    "intakes": [
        {
            "country": "DE",
            "term": "winter",
            "starts_each": "10-01",
            "ends_each": "03-31",
            "deadline_each": "07-15",
            "zone": "Europe/Berlin",
            "note": "A note.",
            **SOURCED,
        }
    ],
}
"""Whoever lets a pack say more says it here too: a test compares this with the schema and with what is read."""
