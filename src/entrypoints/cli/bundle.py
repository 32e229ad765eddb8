"""What the commands without a server work with: the rule packs and the catalogue that ship, zones, and a case file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from ...adapters.bundled.catalogue import bundled_programmes
from ...adapters.bundled.packs import bundled_rulebook
from ...adapters.holidays.calendars import HolidaysCalendars
from ...adapters.system.clock import SystemClock
from ...adapters.system.zones import SystemZones
from ...domain.catalogue.programme import Programme
from ...domain.catalogue.reading import read_catalogue
from ...domain.documents.document import Document, Stated, Version
from ...domain.planning.case import BrokenCase, Case, read_case
from ...domain.profile.results import results_to_come
from ...domain.rulebook.pack import Rulebook
from ...domain.shared.errors import DomainError, Invalid, Reason
from ...domain.shared.ids import AccountId, DocumentId, StudentId
from ...domain.shared.times import day_in
from .errors import CommandFailed, refused
from .words import sentences_of

_LARGEST = 5_000_000
_NOBODY = uuid.UUID(int=0)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Bundle:
    """The rules, the programmes and the zones of one run; a catalogue file takes the place of the bundled one."""

    catalogue: Path | None = None

    @cached_property
    def rulebook(self) -> Rulebook:
        """The bundled rule packs."""
        return bundled_rulebook()

    @cached_property
    def zones(self) -> SystemZones:
        """The time zone database."""
        return SystemZones()

    @cached_property
    def calendars(self) -> HolidaysCalendars:
        """The public holidays."""
        return HolidaysCalendars()

    @cached_property
    def programmes(self) -> dict[str, Programme]:
        """The programmes by their keys."""
        return {programme.key: programme for programme in self._programmes()}

    def _programmes(self) -> Sequence[Programme]:
        if self.catalogue is None:
            return bundled_programmes()
        try:
            text = read_text(self.catalogue)
            return read_catalogue(
                text, str(self.catalogue), lambda key: uuid.uuid5(_NOBODY, key), self.rulebook, self.zones.named
            ).programmes
        except DomainError as error:
            raise CommandFailed(*sentences_of(error, str(self.catalogue))) from error

    def case(self, file: Path) -> Case:
        """Return the case in the file; raise CommandFailed naming the file, the line and the reason.

        Its targets may be of the bundled catalogue too where another one is looked at.
        """
        known = {**{programme.key: programme for programme in bundled_programmes()}, **self.programmes}
        try:
            return read_case(read_text(file), str(file), self.rulebook, known, self.zones.named)
        except BrokenCase as error:
            raise CommandFailed(*sentences_of(error, str(file))) from error

    def day_of(self, case: Case, asked: date | None) -> date:
        """Return the day that was asked for, or the case's own, or the student's day of now; raise CommandFailed where
        the case has the result of a test that is still to come then."""
        zone = self.zones.named(case.profile.residence.zone if case.profile.residence else "UTC")
        day = asked or case.today or day_in(SystemClock().now(), zone)
        to_come = results_to_come(case.profile.tests or (), day)
        if to_come:
            inside = (Reason(one.code, one.params, f"profile.{one.where}") for one in to_come)
            raise CommandFailed(*sentences_of(Invalid(*case.placed(inside))))
        return day


def read_text(file: Path) -> str:
    """Return the file's text; raise CommandFailed in one sentence when it is not there, too large or not UTF-8."""
    try:
        if file.is_dir():
            raise refused(file, "a_folder")
        if file.stat().st_size > _LARGEST:
            raise refused(file, "file_too_large", at_most=_LARGEST)
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise refused(file, "no_file") from None
    except OSError as error:
        raise refused(file, "file_unreadable", detail=error.strerror) from None
    except UnicodeDecodeError as error:
        raise refused(file, "not_utf8", byte=error.start) from None


def documents_of(case: Case) -> tuple[Document, ...]:
    """Return the papers that the case lists as documents, without any content."""
    found = []
    for index, paper in enumerate(case.papers or ()):
        try:
            stated = Stated(paper.issued_on, paper.expires_on)
        except Invalid as error:
            inside = (Reason(one.code, one.params, f"papers[{index}].{one.where}") for one in error.reasons)
            raise CommandFailed(*sentences_of(Invalid(*case.placed(inside)))) from error
        found.append(_document(index, paper.kind, stated))
    return tuple(found)


def _document(index: int, kind: str, stated: Stated) -> Document:
    version = Version(1, "", 0, "", "", _LONG_AGO, AccountId(_NOBODY), stated)
    return Document(DocumentId(uuid.UUID(int=index)), StudentId(_NOBODY), kind, versions=(version,))


def day_option(text: str | None, option: str) -> date | None:
    """Return the day that an option states, or None; raise CommandFailed when it is no day."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused(option, "no_date", given=text) from None
