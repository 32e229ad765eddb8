"""Makes what a person may do about her data, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ....adapters.bundled.purposes import bundled_purposes
from ....adapters.bundled.retention import bundled_retention, retention_in
from ....domain.rights.consent import Purposes
from ....domain.rights.retention import RetentionRule
from ....domain.rights.use_cases import consents, erasing, exporting, holding, retaining, tracking
from .given import Given, providers


def _retention(file: Path | None) -> Sequence[RetentionRule]:
    return bundled_retention() if file is None else retention_in(file)


class RightsUseCases(Given):
    """Makes what a person may do about her data, and what becomes of it."""

    purposes: providers.Callable[Purposes] = providers.Callable(bundled_purposes)
    retention = providers.Callable(_retention, Given.retention_file)
    list_consents = providers.Factory(consents.ListConsents, transactions=Given.transactions, purposes=purposes)
    say_consent = providers.Factory(
        consents.SayConsent, transactions=Given.transactions, ids=Given.ids, purposes=purposes
    )
    track_happening = providers.Factory(
        tracking.TrackHappening,
        transactions=Given.transactions,
        purposes=purposes,
        analytics=Given.analytics,
        key=Given.analytics_key,
    )
    ask_for_export = providers.Factory(exporting.AskForExport, transactions=Given.transactions, ids=Given.ids)
    list_exports = providers.Factory(exporting.ListExports, transactions=Given.transactions)
    link_to_export = providers.Factory(
        exporting.LinkToExport, transactions=Given.transactions, paper_links=Given.paper_links
    )
    make_export = providers.Factory(
        exporting.MakeExport,
        transactions=Given.transactions,
        files=Given.files,
        vault=Given.vault,
        messages=Given.messages,
        at_most=Given.largest_export,
        lasting=Given.export_lasting,
    )
    remove_exports = providers.Factory(exporting.RemoveExports, transactions=Given.transactions, files=Given.files)
    ask_for_erasure = providers.Factory(
        erasing.AskForErasure,
        transactions=Given.transactions,
        ids=Given.ids,
        passwords=Given.passwords,
        wait=Given.erasure_wait,
        pace=Given.pace,
    )
    erase_at_once = providers.Factory(erasing.EraseAtOnce, transactions=Given.transactions, ids=Given.ids)
    cancel_erasure = providers.Factory(erasing.CancelErasure, transactions=Given.transactions)
    get_erasure = providers.Factory(erasing.GetErasure, transactions=Given.transactions)
    erase = providers.Factory(
        erasing.Erase,
        transactions=Given.transactions,
        ids=Given.ids,
        files=Given.files,
        incoming=Given.incoming,
        mailbox=Given.mailbox,
        tombstones=Given.tombstones,
        vault=Given.vault,
        texts=Given.texts,
    )
    erase_anew = providers.Factory(
        erasing.EraseAnew, transactions=Given.transactions, ids=Given.ids, tombstones=Given.tombstones, erase=erase
    )
    place_hold = providers.Factory(holding.PlaceHold, transactions=Given.transactions, ids=Given.ids)
    lift_hold = providers.Factory(holding.LiftHold, transactions=Given.transactions)
    list_holds = providers.Factory(holding.ListHolds, transactions=Given.transactions)
    show_retention = providers.Factory(retaining.ShowRetention, transactions=Given.transactions, rules=retention)
    clear_away = providers.Factory(
        retaining.ApplyRetention, transactions=Given.transactions, ids=Given.ids, rules=retention
    )
    run_by_hand = providers.Factory(retaining.RunByHand, transactions=Given.transactions, ids=Given.ids)
