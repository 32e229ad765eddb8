"""Makes the ways to sign in, and what lets somebody act for somebody else."""

from __future__ import annotations

from ....domain.identity.use_cases import (
    confirming,
    factor_checks,
    factors,
    grants,
    keys,
    linking,
    lost_factors,
    provider_sign_ins,
    proving,
    resealing,
    services,
    signing_out,
)
from .given import Given, providers


class IdentityUseCases(Given):
    """Makes the ways to sign in, and what lets somebody act for somebody else."""

    ask_for_reset = providers.Factory(confirming.AskForReset, transactions=Given.transactions, ids=Given.ids)
    ask_to_confirm = providers.Factory(confirming.AskToConfirm, transactions=Given.transactions)
    reset_password = providers.Factory(
        confirming.ResetPassword,
        transactions=Given.transactions,
        passwords=Given.passwords,
        common=Given.common_passwords,
    )
    confirm_email = providers.Factory(confirming.ConfirmEmail, transactions=Given.transactions)
    make_key = providers.Factory(
        keys.MakeKey,
        transactions=Given.transactions,
        ids=Given.ids,
        secrets=Given.secrets,
        lasting=Given.ticket_lasting,
    )
    list_keys = providers.Factory(keys.ListKeys, transactions=Given.transactions)
    revoke_key = providers.Factory(keys.RevokeKey, transactions=Given.transactions)
    make_service_account = providers.Factory(
        services.MakeServiceAccount, transactions=Given.transactions, ids=Given.ids
    )
    list_service_accounts = providers.Factory(services.ListServiceAccounts, transactions=Given.transactions)
    close_service_account = providers.Factory(services.CloseServiceAccount, transactions=Given.transactions)
    sign_out_account = providers.Factory(signing_out.SignOutAccount, transactions=Given.transactions)
    order_sign_out_of_all = providers.Factory(
        signing_out.OrderSignOutOfAll, transactions=Given.transactions, ids=Given.ids
    )
    sign_out_all = providers.Factory(signing_out.SignOutAll, transactions=Given.transactions, sign_out=sign_out_account)
    offer_grant = providers.Factory(grants.OfferGrant, transactions=Given.transactions, ids=Given.ids)
    take_access = providers.Factory(grants.TakeAccess, transactions=Given.transactions, ids=Given.ids)
    accept_grant = providers.Factory(grants.AcceptGrant, transactions=Given.transactions)
    end_grant = providers.Factory(grants.EndGrant, transactions=Given.transactions)
    list_grants = providers.Factory(grants.ListGrants, transactions=Given.transactions)
    list_received = providers.Factory(grants.ListReceived, transactions=Given.transactions)
    factor_checks = providers.Factory(
        factor_checks.FactorChecks, codes=Given.one_time_codes, box=Given.secret_box, passkeys=Given.passkeys
    )
    seal_factors_anew = providers.Factory(
        resealing.SealFactorsAnew, transactions=Given.transactions, box=Given.secret_box
    )
    list_factors = providers.Factory(factors.ListFactors, transactions=Given.transactions)
    begin_totp = providers.Factory(
        factors.BeginTotp,
        transactions=Given.transactions,
        ids=Given.ids,
        secrets=Given.secrets,
        checks=factor_checks,
        lasting=Given.ticket_lasting,
    )
    confirm_totp = providers.Factory(
        factors.ConfirmTotp,
        transactions=Given.transactions,
        secrets=Given.secrets,
        checks=factor_checks,
        pace=Given.pace,
    )
    begin_passkey = providers.Factory(
        factors.BeginPasskey, transactions=Given.transactions, checks=factor_checks, lasting=Given.ticket_lasting
    )
    add_passkey = providers.Factory(
        factors.AddPasskey, transactions=Given.transactions, ids=Given.ids, secrets=Given.secrets, checks=factor_checks
    )
    remove_factor = providers.Factory(
        factors.RemoveFactor, transactions=Given.transactions, lasting=Given.ticket_lasting
    )
    remove_lost_factors = providers.Factory(
        lost_factors.RemoveLostFactors, transactions=Given.transactions, lasting=Given.ticket_lasting
    )
    make_recovery_codes = providers.Factory(
        factors.MakeRecoveryCodes, transactions=Given.transactions, secrets=Given.secrets, lasting=Given.ticket_lasting
    )
    ask_to_sign = providers.Factory(proving.AskToSign, transactions=Given.transactions, passkeys=Given.passkeys)
    finish_sign_in = providers.Factory(
        proving.FinishSignIn, transactions=Given.transactions, checks=factor_checks, pace=Given.pace
    )
    sign_in_by_passkey = providers.Factory(
        proving.SignInByPasskey, transactions=Given.transactions, checks=factor_checks
    )
    prove = providers.Factory(
        proving.Prove,
        transactions=Given.transactions,
        passwords=Given.passwords,
        checks=factor_checks,
        lasting=Given.ticket_lasting,
        pace=Given.pace,
    )
    list_providers = providers.Factory(provider_sign_ins.ListProviders, providers=Given.identity_providers)
    begin_provider_sign_in = providers.Factory(
        provider_sign_ins.BeginProviderSignIn,
        transactions=Given.transactions,
        ids=Given.ids,
        secrets=Given.secrets,
        providers=Given.identity_providers,
    )
    finish_provider_sign_in = providers.Factory(
        provider_sign_ins.FinishProviderSignIn,
        transactions=Given.transactions,
        ids=Given.ids,
        providers=Given.identity_providers,
    )
    list_identities = providers.Factory(linking.ListIdentities, transactions=Given.transactions)
    link_identity = providers.Factory(
        linking.LinkIdentity, transactions=Given.transactions, ids=Given.ids, lasting=Given.ticket_lasting
    )
    unlink_identity = providers.Factory(
        linking.UnlinkIdentity, transactions=Given.transactions, lasting=Given.ticket_lasting
    )
    make_code = providers.Factory(
        confirming.MakeCode, transactions=Given.transactions, ids=Given.ids, secrets=Given.secrets
    )
