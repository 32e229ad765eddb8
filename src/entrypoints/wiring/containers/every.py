"""Every use case over the ports."""

from __future__ import annotations

from ....domain.notifications.channel import Channel
from ....domain.reports.report import Form
from ....domain.rights.use_cases.fencing import FencedMailbox, FencedTexts
from ..ports import Ports
from .applications import ApplicationUseCases
from .audit import AuditUseCases
from .catalogue import CatalogueUseCases
from .counselling import CounsellingUseCases
from .documents import DocumentUseCases
from .first import FirstUseCases
from .given import providers
from .identity import IdentityUseCases
from .matching import MatchingUseCases
from .notifications import NotificationUseCases
from .operations import OperationUseCases
from .payments import PaymentUseCases
from .planning import PlanningUseCases
from .reports import ReportUseCases
from .rights import RightsUseCases
from .rulebook import RulebookUseCases


class UseCases(
    FirstUseCases,
    IdentityUseCases,
    AuditUseCases,
    RightsUseCases,
    ReportUseCases,
    CatalogueUseCases,
    MatchingUseCases,
    PlanningUseCases,
    CounsellingUseCases,
    DocumentUseCases,
    ApplicationUseCases,
    PaymentUseCases,
    RulebookUseCases,
    NotificationUseCases,
    OperationUseCases,
):
    """Makes every use case for whoever asks."""


def use_cases_over(ports: Ports) -> UseCases:
    """Return every use case over these adapters."""
    fenced = FencedMailbox(ports.transactions, ports.mailbox)
    given = {**vars(ports), "mailbox": fenced, "open_mailbox": ports.mailbox}
    given["ledger_sheets"] = ports.sheets[Form.CSV]
    texts = {Channel.SMS: ports.text_messages, Channel.WHATSAPP: ports.whatsapp}
    given["texts"] = {
        channel: FencedTexts(ports.transactions, service) for channel, service in texts.items() if service is not None
    }
    return UseCases(**{name: providers.Object(value) for name, value in given.items()})
