"""Typed ids. They are UUIDv7 values made by the ids port, never by an entity or a database."""

from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
ConfirmationId = NewType("ConfirmationId", UUID)
KeyId = NewType("KeyId", UUID)
SessionId = NewType("SessionId", UUID)
GrantId = NewType("GrantId", UUID)
FactorId = NewType("FactorId", UUID)
LinkedIdentityId = NewType("LinkedIdentityId", UUID)
ProviderSignInId = NewType("ProviderSignInId", UUID)
StudentId = NewType("StudentId", UUID)
InstitutionId = NewType("InstitutionId", UUID)
ProgrammeId = NewType("ProgrammeId", UUID)
DocumentId = NewType("DocumentId", UUID)
UploadId = NewType("UploadId", UUID)
ApplicationId = NewType("ApplicationId", UUID)
PlanId = NewType("PlanId", UUID)
OverrideId = NewType("OverrideId", UUID)
ImportId = NewType("ImportId", UUID)
EditionId = NewType("EditionId", UUID)
ImpactId = NewType("ImpactId", UUID)
EventId = NewType("EventId", UUID)
EntryId = NewType("EntryId", UUID)
JobId = NewType("JobId", UUID)
