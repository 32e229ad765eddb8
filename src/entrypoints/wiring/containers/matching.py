"""Makes what asks how a student stands with programmes."""

from __future__ import annotations

from ....domain.matching.use_cases import asking as matching
from ....domain.matching.use_cases import overrides
from ....domain.profile import use_cases as profile
from .given import Given, providers


class MatchingUseCases(Given):
    """Makes what asks how a student stands with programmes."""

    change_profile = providers.Factory(
        profile.ChangeProfile,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        vault=Given.vault,
    )
    seal_passports = providers.Factory(profile.SealPassports, transactions=Given.transactions, vault=Given.vault)
    judge_programmes = providers.Factory(
        matching.JudgeProgrammes, transactions=Given.transactions, rule_packs=Given.rule_packs, zones=Given.zones
    )
    match_catalogue = providers.Factory(
        matching.MatchCatalogue,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        snapshots=Given.snapshots,
    )
    unlock_catalogue = providers.Factory(
        matching.UnlockCatalogue,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        snapshots=Given.snapshots,
    )
    override_finding = providers.Factory(
        overrides.OverrideFinding,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        ids=Given.ids,
    )
    take_back_override = providers.Factory(overrides.TakeBackOverride, transactions=Given.transactions)
    list_overrides = providers.Factory(
        overrides.ListOverrides, transactions=Given.transactions, rule_packs=Given.rule_packs, zones=Given.zones
    )
