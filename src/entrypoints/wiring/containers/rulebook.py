"""Makes what changes the rules, and what says beforehand what that changes."""

from __future__ import annotations

from ....domain.impacts import use_cases as impacts
from ....domain.rulebook.use_cases import editions as rules
from .given import Given, providers


class RulebookUseCases(Given):
    """Makes what changes the rules, and what says beforehand what that changes."""

    propose_pack = providers.Factory(
        rules.ProposePack, transactions=Given.transactions, rule_packs=Given.rule_packs, ids=Given.ids
    )
    list_stored_packs = providers.Factory(rules.ListStoredPacks, transactions=Given.transactions)
    list_editions = providers.Factory(rules.ListEditions, transactions=Given.transactions)
    get_edition_in_force = providers.Factory(
        rules.GetEditionInForce, transactions=Given.transactions, rule_packs=Given.rule_packs, ids=Given.ids
    )
    note_shipped_packs = providers.Factory(
        rules.NoteShippedPacks, transactions=Given.transactions, rule_packs=Given.rule_packs, ids=Given.ids
    )
    activate_edition = providers.Factory(
        rules.ActivateEdition, transactions=Given.transactions, rule_packs=Given.rule_packs, ids=Given.ids
    )
    request_impact = providers.Factory(
        impacts.RequestImpact, transactions=Given.transactions, rule_packs=Given.rule_packs, ids=Given.ids
    )
    get_impact = providers.Factory(impacts.GetImpact, transactions=Given.transactions)
    follow_edition = providers.Factory(impacts.FollowEdition, transactions=Given.transactions, ids=Given.ids)
    work_out_impact = providers.Factory(
        impacts.WorkOutImpact, transactions=Given.transactions, zones=Given.zones, calendars=Given.calendars
    )
