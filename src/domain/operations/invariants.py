"""Sentences that must hold over everything stored: what each is called, what it says, and how bad it is if it does not.

How each is looked for is the store's affair (``ports/invariants.py``), or that of the use case for those that need more
than rows. docs/invariants.md holds them beside the sentences of the domain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import InvariantRunId

MOST_ROWS = 100
"""So many of the rows that break a sentence are named; how many there are is counted beyond that."""


class Severity(StrEnum):
    """How soon somebody has to look."""

    CRITICAL = "critical"
    """What is stored is wrong, or says more than it may: now."""
    WARNING = "warning"
    """Something is late, or names what is not there: on the next working day."""


class Way(StrEnum):
    """How it is found out whether a sentence holds."""

    ROWS = "rows"
    """By a question to the store, over all rows at each look."""
    SAMPLE = "sample"
    """By opening or reading some of what is kept at each look, going round: all of it is reached in time."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One sentence. ``rows`` says what the ids are that break it."""

    id: str
    sentence: str
    severity: Severity
    rows: str
    way: Way = Way.ROWS


def _critical(id_: str, rows: str, sentence: str, way: Way = Way.ROWS) -> Invariant:
    return Invariant(id_, sentence, Severity.CRITICAL, rows, way)


def _warning(id_: str, rows: str, sentence: str, way: Way = Way.ROWS) -> Invariant:
    return Invariant(id_, sentence, Severity.WARNING, rows, way)


INVARIANTS: tuple[Invariant, ...] = (
    _critical("student_one_account", "student", "Each student has exactly one account, and each names the other."),
    _critical("record_of_a_student", "table:row", "Whatever belongs to a student belongs to one that there is."),
    _critical(
        "application_by_the_table",
        "application",
        "An application's history takes only moves of the state table, one after another, and ends in its state.",
    ),
    _critical(
        "application_sent_is_kept",
        "application",
        "What was sent has a receipt and a snapshot, and nothing else has either.",
    ),
    _critical(
        "application_snapshot_unchanged",
        "application",
        "Nothing that was sent can change: a snapshot opens, and has the hash that its receipt names.",
        Way.SAMPLE,
    ),
    _critical(
        "application_one_at_a_time",
        "application",
        "One student has one application at a time for one programme and one intake.",
    ),
    _warning(
        "application_sent_in_time", "application", "Nothing was sent after the deadline that it was held against."
    ),
    _warning(
        "application_offer_is_there",
        "application",
        "An application with an offer has one, and a conditional offer names its conditions.",
    ),
    _critical(
        "document_versions_whole",
        "document/version",
        "The versions of a paper are numbered from 1 on without a gap, each with the hash and size of its content.",
    ),
    _critical(
        "document_file_unchanged",
        "document/version",
        "A version is immutable: its file is there, opens, and has its hash.",
        Way.SAMPLE,
    ),
    _critical(
        "document_rejected_with_reason",
        "document/version",
        "A version is pending, verified or rejected, and a rejection, and nothing else, has a reason.",
    ),
    _warning(
        "document_answer_with_reason",
        "document",
        "An answer in the place of a paper is one of the two that there are, with a reason and a day.",
    ),
    _critical("upload_became_a_version", "upload", "An upload that was accepted is a version of its paper."),
    _critical("plan_names_programmes", "plan/programme", "A plan aims at programmes that there are."),
    _critical("override_with_reason", "override", "An override has a reason, and so has taking it back."),
    _critical(
        "grant_with_an_end",
        "grant",
        "Access to a record has an end, within the longest that may be given; what an administrator took has a reason.",
    ),
    _critical("consent_by_herself", "consent", "What a student allowed, she said herself."),
    _critical(
        "erased_leaves_nothing",
        "table:student",
        "Erasing a student leaves a shell without personal data.",
    ),
    _critical("erasure_in_time", "erasure", "An erasure is carried out when its day has come and no hold stands."),
    _warning("export_ends_on_its_day", "export", "The file of an export goes on its day."),
    _critical("ledger_entry_balanced", "entry", "Every entry of the ledger sums to zero in each currency."),
    _critical("ledger_sums_are_sums", "account", "What an account holds is the sum of its postings."),
    _critical("order_paid_once", "order", "An order that was sold was paid once, and no other was."),
    _critical("refund_within_payment", "attempt", "No more is given back of a payment than it brought."),
    _critical("paper_numbers_whole", "series", "Invoices, receipts and credit notes are numbered without a gap."),
    _critical("books_agree", "difference", "The provider's books and ours say the same."),
    _warning("refund_in_time", "refund", "A refund is back by the day that the student was told."),
    _warning("payment_followed_up", "collection", "What the provider tells of a payment is soon followed up."),
    _critical("audit_chain_whole", "seal", "The audit trail is append-only: each seal names the one before it."),
    _critical("audit_sealed_soon", "place", "Every entry of the audit trail is sealed soon after it was written."),
    _critical(
        "message_said_once",
        "message",
        "Nobody is told twice of one thing, nor twice on one way of what is not repeated until she acknowledges it.",
    ),
    _critical(
        "message_goes_out",
        "message",
        "What is needed goes out on some way, and so does what is said to an address, which has no inbox.",
    ),
    _critical(
        "delivery_is_on_its_way",
        "delivery",
        "A message that waits to go out has a job that brings it, and one that is over has none left after a day.",
    ),
    _warning("delivery_after_an_attempt", "delivery", "What became of a message follows an attempt to bring it."),
    _critical(
        "escalation_until_acknowledged",
        "message",
        "What must be known is repeated until it is acknowledged or withdrawn, and not after that.",
    ),
    _critical("event_passed_on_soon", "event", "Every event is passed on soon after it was written."),
    _warning("job_lease_is_kept", "job", "No job is held for long by a worker that is gone."),
    _critical("pack_text_is_its_hash", "pack", "The text of a rule pack is the one that its hash names."),
    _critical("edition_has_its_packs", "edition", "Every edition of the rules has the texts of all its packs."),
    _critical(
        "pathway_leads_somewhere",
        "pathway",
        "Pathways in force have no circle, and every step of one leads to its end.",
    ),
    _critical(
        "programme_of_an_institution",
        "table:row",
        "Programmes and campuses are of institutions that there are, and programmes at campuses that there are.",
    ),
    _warning(
        "requirement_names_what_exists",
        "programme",
        "A programme's requirement names only tests, scales and documents that exist.",
        Way.SAMPLE,
    ),
    _warning(
        "deadlines_in_order",
        "programme",
        "No deadline lies before the day on which its applications open, a visa cut-off neither.",
        Way.SAMPLE,
    ),
)
"""Every sentence, in the order of the domain's own."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look brought: how many rows it looked at, which break the sentence (at most MOST_ROWS), and how many do.

    ``among`` are the rows that a sample looked at; None where it was all of them.
    """

    looked_at: int
    rows: tuple[str, ...] = ()
    count: int = 0
    among: Collection[str] | None = None

    def is_over(self, row: str) -> bool:
        """Whether a row that broke the sentence before is known to keep it now."""
        if row in self.rows:
            return False
        if self.among is not None:
            return row in self.among
        return self.count <= len(self.rows)  # otherwise it may be one of those that are not named


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run says about one sentence: how many rows it looked at, and how many broke it by then.

    ``failure`` is the kind of error where it could not be found out, ``reached`` where the next sample begins.
    """

    looked_at: int = 0
    breaches: int = 0
    failure: str = ""
    reached: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One look at every sentence."""

    id: InvariantRunId
    started_at: datetime
    finished_at: datetime
    looked: Mapping[str, Looked]

    def reached(self, invariant: str) -> str:
        """Return where the next sample of the sentence begins; blank for its beginning."""
        known = self.looked.get(invariant)
        return "" if known is None else known.reached


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that breaks a sentence: since which run it was seen, in which last, and when it was found to be over."""

    invariant: str
    row: str
    first_seen: datetime
    last_seen: datetime
    gone_at: datetime | None = None
