"""How events are written to rows and read back."""

from typing import Any

import msgspec
from sqlalchemy import RowMapping

from ...domain.applications.events import ApplicationMoved, ApplicationStarted, ApplicationSubmitted
from ...domain.counselling.events import NoteAdded, TaskDone, TaskGiven, TaskWithdrawn
from ...domain.documents.events import (
    DocumentAdded,
    DocumentAnswered,
    VersionChecked,
    VersionOpened,
    VersionUploaded,
)
from ...domain.documents.upload_events import (
    UploadAccepted,
    UploadExpired,
    UploadReceived,
    UploadRefused,
    UploadRequested,
)
from ...domain.identity.events import (
    AccountRegistered,
    AccountSignedOut,
    CodeAsked,
    EmailConfirmed,
    FactorsChanged,
    IdentityLinked,
    IdentityUnlinked,
    KeyMade,
    KeyRevoked,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
    ServiceAccountClosed,
    ServiceAccountMade,
    SessionEnded,
)
from ...domain.identity.grant_events import AccessTaken, GrantAccepted, GrantEnded, GrantOffered
from ...domain.impacts.events import PlanMoved
from ...domain.imports.events import (
    CatalogueImported,
    CatalogueReverted,
    ImportFailed,
    PeopleImported,
    PeopleReverted,
    ProgrammeChanged,
    RecordOfferAnswered,
    RecordOffered,
)
from ...domain.matching.events import FindingOverridden, OverrideTakenBack
from ...domain.notifications.events import MessageAcknowledged, WayClosed
from ...domain.payments.events import (
    DisputeMoved,
    OrderEnded,
    OrderPaid,
    OrderPlaced,
    PaymentDeclined,
    RefundMoved,
)
from ...domain.planning.events import DurationsAssumed, PlanMade, StepReported, TargetsChanged
from ...domain.profile.events import ProfileChanged
from ...domain.reports.events import ReportMade
from ...domain.rights.events import ConsentSaid, ErasureAsked, ErasureCancelled, ExportReady, StudentErased
from ...domain.rulebook.events import EditionActivated
from ...domain.shared.events import Envelope, Event, Origin
from ...domain.shared.ids import EventId

KNOWN: tuple[type[Event], ...] = (
    AccessTaken,
    AccountRegistered,
    AccountSignedOut,
    ApplicationMoved,
    ApplicationStarted,
    ApplicationSubmitted,
    CatalogueImported,
    CatalogueReverted,
    ImportFailed,
    PeopleImported,
    PeopleReverted,
    RecordOfferAnswered,
    RecordOffered,
    CodeAsked,
    ConsentSaid,
    ErasureAsked,
    ErasureCancelled,
    ExportReady,
    StudentErased,
    DocumentAdded,
    DocumentAnswered,
    FindingOverridden,
    OverrideTakenBack,
    EditionActivated,
    EmailConfirmed,
    KeyMade,
    KeyRevoked,
    GrantAccepted,
    GrantEnded,
    GrantOffered,
    FactorsChanged,
    IdentityLinked,
    IdentityUnlinked,
    OrderEnded,
    OrderPaid,
    OrderPlaced,
    DisputeMoved,
    PasswordChanged,
    PaymentDeclined,
    PlanMade,
    PlanMoved,
    ProfileChanged,
    ProgrammeChanged,
    RefundMoved,
    RoleGranted,
    RoleRevoked,
    ServiceAccountClosed,
    ServiceAccountMade,
    SessionEnded,
    MessageAcknowledged,
    NoteAdded,
    ReportMade,
    TaskDone,
    TaskGiven,
    TaskWithdrawn,
    WayClosed,
    StepReported,
    DurationsAssumed,
    TargetsChanged,
    UploadAccepted,
    UploadExpired,
    UploadReceived,
    UploadRefused,
    UploadRequested,
    VersionChecked,
    VersionOpened,
    VersionUploaded,
)
"""Every event that a row may hold, by its tag. A tag stays here for as long as rows with it may exist."""

_BY_TAG = {event.tag: event for event in KNOWN}
TAGS = frozenset(_BY_TAG)


def event_data(event: Event) -> dict[str, Any]:
    """Return the event's fields as JSON values."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    return data


COLUMNS = (
    "id",
    "at",
    "tag",
    "aggregate",
    "aggregate_id",
    "aggregate_version",
    "actor",
    "on_behalf_of",
    "request_id",
    "trace",
    "data",
)
"""What ``envelope_row`` fills."""


def envelope_row(envelope: Envelope) -> dict[str, Any]:
    """Return the envelope as a row of the outbox."""
    return {
        "id": envelope.id,
        "at": envelope.at,
        "tag": envelope.event.tag,
        "aggregate": envelope.event.aggregate,
        "aggregate_id": envelope.event.aggregate_id,
        "aggregate_version": envelope.aggregate_version,
        "actor": envelope.origin.actor,
        "on_behalf_of": envelope.origin.on_behalf_of,
        "request_id": envelope.origin.request_id,
        "trace": envelope.origin.trace,
        "data": event_data(envelope.event),
    }


def read_envelope(row: RowMapping) -> Envelope:
    """Return the envelope in a row of the outbox; raise KeyError for a tag that this code does not know."""
    return Envelope(
        id=EventId(row["id"]),
        at=row["at"],
        origin=Origin(row["actor"], row["on_behalf_of"], row["request_id"], row["trace"]),
        event=msgspec.convert(row["data"], _BY_TAG[row["tag"]]),
        aggregate_version=row["aggregate_version"],
    )
