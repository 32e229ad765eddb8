"""Makes what leads an application from its start to its outcome."""

from __future__ import annotations

from ....domain.applications.use_cases import keeping as applications
from .given import Given, providers


class ApplicationUseCases(Given):
    """Makes what leads an application from its start to its outcome."""

    start_application = providers.Factory(applications.StartApplication, transactions=Given.transactions, ids=Given.ids)
    get_application = providers.Factory(applications.GetApplication, transactions=Given.transactions)
    what_is_missing = providers.Factory(
        applications.WhatIsMissing, transactions=Given.transactions, rule_packs=Given.rule_packs, zones=Given.zones
    )
    submit_application = providers.Factory(
        applications.SubmitApplication,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        vault=Given.vault,
    )
    get_receipt = providers.Factory(applications.GetReceipt, transactions=Given.transactions)
    get_snapshot = providers.Factory(applications.GetSnapshot, transactions=Given.transactions, vault=Given.vault)
    seal_snapshots = providers.Factory(applications.SealSnapshots, transactions=Given.transactions, vault=Given.vault)
    record_outcome = providers.Factory(applications.RecordOutcome, transactions=Given.transactions)
    withdraw = providers.Factory(applications.Withdraw, transactions=Given.transactions)
