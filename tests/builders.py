"""Things as they are in most cases; a test names only what differs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.applications.application import Application
from higherstudy.domain.applications.policies import Case
from higherstudy.domain.catalogue.intake import Day, Deadline, DeadlineKind, Intake
from higherstudy.domain.catalogue.programme import Institution, Level, Programme
from higherstudy.domain.catalogue.requirement import AllOf, DocumentNeeded, Requirement
from higherstudy.domain.catalogue.requirement import Stated as StatedBy
from higherstudy.domain.documents.document import Document, Stated, Version
from higherstudy.domain.profile.profile import Grade, Profile, Qualification, Residence
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import DocumentKind
from higherstudy.domain.shared.errors import NotFound, Reason
from higherstudy.domain.shared.ids import (
    AccountId,
    ApplicationId,
    DocumentId,
    InstitutionId,
    ProgrammeId,
    StudentId,
)
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

ZONES = SystemZones()
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
STUDENT = StudentId(UUID(int=0x51))
ACCOUNT = AccountId(UUID(int=0xA1))
NOTHING_STATED = Stated()
SOURCE = Source("page", "The programme's own page", SourceKind.OFFICIAL, date(2026, 11, 1))
STATED = StatedBy(SOURCE, Confidence.HIGH)
PASSPORT = DocumentKind("passport", "Passport", SOURCE, Confidence.HIGH, uses_expiry_date=True)
TRANSCRIPT = DocumentKind("transcript", "Transcript", SOURCE, Confidence.HIGH)
LANGUAGE_CERTIFICATE = DocumentKind(
    "language_certificate", "Language test result", SOURCE, Confidence.MEDIUM, valid_months=24
)


def a_rulebook(*kinds: DocumentKind) -> Rulebook:
    """A rulebook that knows these kinds of papers, or the three above."""
    known = kinds or (PASSPORT, TRANSCRIPT, LANGUAGE_CERTIFICATE)
    pack = RulePack("papers", "Papers", "2026.11.1", date(2027, 12, 31), "0" * 64, document_kinds=known)
    return Rulebook((pack,))


class RulePacks:
    """The rulebook of a test."""

    def __init__(self, rulebook: Rulebook | None = None) -> None:
        self._rulebook = rulebook or a_rulebook()

    def rulebook(self) -> Rulebook:
        return self._rulebook

    def edition(self, sha256: str) -> Rulebook:
        if sha256 != self._rulebook.edition_id:
            raise NotFound(Reason("edition.unknown", {"given": sha256}, "edition"))
        return self._rulebook

    def shipped(self) -> Rulebook:
        return self._rulebook

    def text(self, sha256: str) -> str:
        raise NotFound(Reason("edition.unknown_pack", {"sha256": sha256}))


def a_version(number: int = 1, stated: Stated = NOTHING_STATED, **changes: object) -> Version:
    """A PDF of a kilobyte."""
    version = Version(number, f"{number:064x}", 1024, "application/pdf", "paper.pdf", NOW, ACCOUNT, stated)
    return replace(version, **changes)  # type: ignore[arg-type]


def a_document(kind: str = "passport", *versions: Version, number: int = 1) -> Document:
    """A paper of the student with these versions."""
    return Document(DocumentId(UUID(int=number)), STUDENT, kind, versions=versions)


def a_passport(expires_on: date = date(2032, 5, 31)) -> Document:
    return a_document("passport", a_version(stated=Stated(date(2022, 6, 1), expires_on)), number=1)


def a_transcript() -> Document:
    return a_document("transcript", a_version(stated=Stated(date(2025, 8, 1))), number=2)


def a_deadline(
    on: date = date(2027, 5, 31), at: time | None = time(23, 59), zone: str = "Europe/Berlin", opens: date | None = None
) -> Deadline:
    """A last day to apply, by the clock of whoever set it."""
    opening = Day(on=opens) if opens else None
    return Deadline(DeadlineKind.APPLICATION, Day(on=on), zone, SOURCE, Confidence.HIGH, at=at, opens=opening)


def a_programme(
    *deadlines: Deadline, needs: Requirement | None = None, zone: str = "Europe/Berlin", country: str = "DE"
) -> Programme:
    """A Master's that begins on 1 October and wants a passport and a transcript."""
    papers = AllOf((DocumentNeeded(STATED, "passport"), DocumentNeeded(STATED, "transcript")))
    institution = Institution(
        InstitutionId(UUID(int=0x11)), "tum", "Technical University of Munich", country, SOURCE, zone=zone
    )
    return Programme(
        ProgrammeId(UUID(int=0x21)),
        "tum-informatics-msc",
        institution,
        "Informatics",
        Level.MASTER,
        SOURCE,
        Confidence.HIGH,
        requirement=needs or papers,
        intakes=(Intake("winter", Day(each=(10, 1)), deadlines or (a_deadline(),)),),
    )


def a_profile(name: str = "SAMPLE STUDENT") -> Profile:
    """Somebody in Dhaka with a finished Bachelor's."""
    degree = Qualification("bachelor", "Computer Science", ("0613",), grade=Grade("BD_UGC_4", Decimal("3.60")))
    return Profile(name=name, citizenships=("BD",), residence=Residence("BD", "Asia/Dhaka"), qualifications=(degree,))


def an_application() -> Application:
    """A draft for the programme's winter intake of 2027."""
    return Application(
        ApplicationId(UUID(int=0x31 << 64 | 0x9E3779B97F4A7C15)),
        STUDENT,
        ProgrammeId(UUID(int=0x21)),
        "winter",
        date(2027, 10, 1),
        NOW,
    )


def a_case(
    programme: Programme | None = None,
    documents: Iterable[Document] | None = None,
    profile: Profile | None = None,
) -> Case:
    """A case in which nothing is missing."""
    papers = (a_passport(), a_transcript()) if documents is None else tuple(documents)
    return Case(profile or a_profile(), programme or a_programme(), papers, a_rulebook(), ZONES.named)
