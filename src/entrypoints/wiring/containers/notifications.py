"""Makes what tells people."""

from __future__ import annotations

import asyncio

from ....domain.notifications.channel import Channel
from ....domain.notifications.use_cases import (
    delivering,
    digesting,
    escalating,
    hearing,
    inbox,
    occasions,
    reminding,
    saying,
    telling,
    undelivered,
    wishes,
)
from .given import Given, providers
from .identity import IdentityUseCases


class NotificationUseCases(Given):
    """Makes what tells people."""

    say = providers.Factory(saying.Say, ids=Given.ids, secrets=Given.secrets, zones=Given.zones)
    words = providers.Factory(
        occasions.Words,
        messages=Given.messages,
        providers=Given.identity_providers,
        plan_page=Given.plan_page,
        order_page=Given.order_page,
    )
    tell = providers.Factory(telling.Tell, transactions=Given.transactions, say=say, words=words)
    is_still_due = providers.Factory(
        reminding.IsStillDue, rule_packs=Given.rule_packs, zones=Given.zones, calendars=Given.calendars
    )
    is_still_so = providers.Factory(telling.IsStillSo, is_still_due=is_still_due)
    deliver = providers.Factory(
        delivering.Deliver,
        transactions=Given.transactions,
        say=say,
        letters=Given.letters,
        mailbox=Given.mailbox,
        open_mailbox=Given.open_mailbox,
        texts=Given.texts,
        make_code=IdentityUseCases.make_code,
        still_true=is_still_so,
        pages=Given.pages,
        pause=providers.Object(asyncio.sleep),
    )
    send_digest = providers.Factory(
        digesting.SendDigest,
        transactions=Given.transactions,
        say=say,
        letters=Given.letters,
        mailbox=Given.mailbox,
        still_true=is_still_so,
        pages=Given.pages,
        pause=providers.Object(asyncio.sleep),
    )
    escalate = providers.Factory(
        escalating.Escalate, transactions=Given.transactions, ids=Given.ids, say=say, still_true=is_still_so
    )
    remind = providers.Factory(
        reminding.Remind,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        messages=Given.messages,
        say=say,
        calendars=Given.calendars,
        plan_page=Given.plan_page,
    )
    hear_reports = providers.Factory(hearing.HearReports, transactions=Given.transactions, say=say)
    take_mail_reports = providers.Factory(
        hearing.TakeReports, hear=hear_reports, provider="mail", channels=(Channel.EMAIL,), reader=Given.mail_reports
    )
    take_text_reports = providers.Factory(
        hearing.TakeReports,
        hear=hear_reports,
        provider="text",
        channels=(Channel.SMS, Channel.WHATSAPP),
        reader=Given.text_reports,
    )
    list_messages = providers.Factory(inbox.ListMessages, transactions=Given.transactions, letters=Given.letters)
    read_message = providers.Factory(inbox.ReadMessage, transactions=Given.transactions)
    acknowledge_message = providers.Factory(inbox.AcknowledgeMessage, transactions=Given.transactions)
    list_undelivered = providers.Factory(undelivered.ListUndelivered, transactions=Given.transactions)
    try_delivery_again = providers.Factory(undelivered.TryDeliveryAgain, transactions=Given.transactions, say=say)
    see_preferences = providers.Factory(wishes.SeePreferences, transactions=Given.transactions, secrets=Given.secrets)
    change_preferences = providers.Factory(
        wishes.ChangePreferences, transactions=Given.transactions, secrets=Given.secrets, zones=Given.zones
    )
    unsubscribe = providers.Factory(wishes.Unsubscribe, transactions=Given.transactions)
    give_number = providers.Factory(wishes.GiveNumber, transactions=Given.transactions, ids=Given.ids, say=say)
    confirm_number = providers.Factory(wishes.ConfirmNumber, transactions=Given.transactions)
    take_number_away = providers.Factory(wishes.TakeNumberAway, transactions=Given.transactions)
