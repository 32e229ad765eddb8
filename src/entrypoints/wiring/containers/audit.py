"""Makes what keeps the audit trail and reads it."""

from __future__ import annotations

from ....domain.audit.use_cases import noting, sealing, searching, verifying
from .given import Given, providers


class AuditUseCases(Given):
    """Makes what keeps the audit trail and reads it."""

    seal_entries = providers.Factory(sealing.SealEntries, transactions=Given.transactions, signatures=Given.signatures)
    anchor_head = providers.Factory(
        sealing.AnchorHead, transactions=Given.transactions, signatures=Given.signatures, anchors=Given.anchors
    )
    verify_trail = providers.Factory(
        verifying.VerifyTrail, transactions=Given.transactions, signatures=Given.signatures, anchors=Given.anchors
    )
    search_trail = providers.Factory(searching.SearchTrail, transactions=Given.transactions)
    export_trail = providers.Factory(searching.ExportTrail, transactions=Given.transactions)
    list_activity = providers.Factory(searching.ListActivity, transactions=Given.transactions)
    forget_addresses = providers.Factory(
        noting.ForgetAddresses, transactions=Given.transactions, kept_for=Given.addresses_kept_for
    )
