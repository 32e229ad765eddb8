"""All parts that use cases need, opened together, for whichever process works with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from ...adapters.argon2.passwords import Argon2Passwords
from ...adapters.ecb.rates import EcbRates
from ...adapters.passkeys.passkeys import WebauthnPasskeys
from ...adapters.postgres.skew import skew_of
from ...adapters.system.clock import SystemClock
from ...domain.documents.eyes import ALL, KindsByTwo
from ...domain.identity.session import Lasting
from ...domain.identity.throttle import Pace
from ...domain.identity.ticket import TicketLasting
from ...domain.notifications.pages import Pages
from ...domain.payments.refund import Terms
from ...domain.rulebook.pack import Rulebook
from ...domain.shared.errors import Invalid, Reason
from ...ports.rates import Rates
from ...ports.transactions import Transactions
from ..about import Completing
from ..settings import Settings, WrongSettings
from ..watching.tallies import Tallies
from ..wiring.ports import Ports
from ..wiring.real import real_ports
from .analytics import analytics_of
from .called import counted, no_calls
from .channels import open_channels
from .checks import Check
from .clock import ClockInSight, kept_in_sight
from .database import Database, Tell, open_database
from .keys import analytics_key, audit_signatures, secret_box
from .nearby import Nearby, open_nearby
from .others import others
from .payments import open_payments
from .providers import open_identity_providers
from .rules import Rules
from .scanning import Scanning, scanning_of
from .store import Store, open_store
from .vault import demand_master_key, paper_links_of, vault_of


@dataclass(frozen=True)
class Opened:
    """The parts that a process has opened, and the ports over them."""

    database: Database
    store: Store
    nearby: Nearby
    scanning: Scanning
    ports: Ports
    brief: Transactions
    """Units of work of what hands out and keeps jobs, which stand in the way of other processes while they last."""
    clock: ClockInSight
    rules: Rules
    calls: Tallies = field(default_factory=no_calls)
    """How calls of services outside went."""

    @property
    def checks(self) -> Mapping[str, Check]:
        """A look at each part."""
        parts = (self.database, self.clock, self.store, self.nearby, self.scanning, self.rules)
        return {name: check for part in parts for name, check in part.checks.items()}


@asynccontextmanager
async def opened(settings: Settings, tell: Tell, *, seals: bool = True) -> AsyncIterator[Opened]:
    """Give every part that the use cases need; ``seals`` says whether anything of a student's is sealed or opened."""
    clock = SystemClock()
    async with (
        others(settings) as given,
        open_database(settings, tell) as database,
        open_store(settings) as our_store,
        open_nearby(settings) as nearby,
        open_channels(settings, clock) as channels,
        open_identity_providers(settings, clock) as identity_providers,
        open_payments(settings) as payments,
    ):
        calls = no_calls()
        store, scanning = given.store(our_store), scanning_of(settings)
        if seals and given.master_key is None:
            await demand_master_key(settings, store.wrapped_keys)
        rules = Rules.over(database.reading)
        with closing(_passwords(settings)) as passwords:
            ours = real_ports(
                database.transactions,
                database.reading,
                clock,
                files=store.files,
                incoming=store.incoming,
                scanner=scanning.scanner,
                **vars(counted(channels, settings.mail_channel, calls)),
                passwords=passwords,
                passkeys=WebauthnPasskeys(settings.site_of_passkeys, settings.pages_of_passkeys),
                secret_box=secret_box(settings),
                vault=vault_of(settings, store.wrapped_keys, clock, given.master_key),
                paper_links=paper_links_of(settings),
                standings=database.standings,
                rule_packs=rules.packs,
                session_lasting=_lasting(settings),
                tombstones=store.tombstones,
                told={
                    "by_two": _by_two(settings, rules.packs.rulebook()),
                    "erasure_wait": timedelta(days=settings.erasure_wait_days),
                    "export_lasting": timedelta(hours=settings.export_hours),
                    "report_lasting": timedelta(hours=settings.report_hours),
                    "largest_export": settings.largest_export,
                    "analytics": analytics_of(settings, calls),
                    "analytics_key": analytics_key(settings),
                    "retention_file": _retention_file(settings),
                    "pages": _pages(settings),
                    "plan_page": settings.plan_page,
                    "order_page": settings.order_page or f"{settings.address}/v1/orders/{{order}}",
                    "payments": payments,
                    "seller": settings.seller,
                    "rates": _rates(settings),
                    "order_lasting": timedelta(days=settings.order_days),
                    "refund_terms": Terms(settings.refund_decision_days, settings.refund_return_days),
                },
                signatures=audit_signatures(settings),
                anchors=our_store.anchors,
                addresses_kept_for=timedelta(days=settings.audit_address_days),
                pace=_pace(settings),
                ticket_lasting=_ticket_lasting(settings),
                identity_providers=identity_providers,
            )
            ports = given.ports(ours)
            brief = given.brief(Completing(database.brief))
            in_sight = ClockInSight(partial(skew_of, ports.clock, database.reading))
            async with kept_in_sight(in_sight):
                yield Opened(database, store, given.nearby(nearby), scanning, ports, brief, in_sight, rules, calls)


def _rates(settings: Settings) -> Rates | None:
    """Return the exchange rates of the files that the settings name; None where they name none."""
    if settings.rates_file is None and settings.own_rates_file is None:
        return None
    return EcbRates(settings.rates_file, settings.own_rates_file)


def _pages(settings: Settings) -> Pages:
    """Return the pages to which messages lead."""
    base = (settings.public_url or "").rstrip("/")
    unsubscribe = f"{base}/v1/unsubscriptions/{{secret}}/{{topic}}" if base else None
    return Pages(settings.code_page, settings.preferences_page, unsubscribe)


def _passwords(settings: Settings) -> Argon2Passwords:
    return Argon2Passwords(
        passes=settings.argon2_passes, memory_kib=settings.argon2_memory_kib, lanes=settings.argon2_lanes
    )


def _pace(settings: Settings) -> Pace:
    return Pace(free=settings.sign_in_free_tries, longest=timedelta(seconds=settings.sign_in_longest_wait))


def _ticket_lasting(settings: Settings) -> TicketLasting:
    return TicketLasting(step=timedelta(minutes=settings.proof_minutes), device=timedelta(days=settings.device_days))


def _by_two(settings: Settings, rulebook: Rulebook) -> KindsByTwo:
    """Return which kinds of papers two people verify; raise WrongSettings for one that no pack knows, since a slip of
    the pen would let one person do it alone."""
    codes = frozenset(settings.verified_by_two.split())
    unknown = sorted(codes - rulebook.document_kinds.keys() - {ALL})
    if unknown:
        raise WrongSettings(Reason("setting.not_kinds", {"given": ", ".join(unknown)}, "VERIFIED_BY_TWO"))
    return KindsByTwo(codes)


def _retention_file(settings: Settings) -> Path | None:
    """Return the file of RETENTION_FILE; raise WrongSettings where it cannot be used, rather than at night."""
    if settings.retention_file is None:
        return None
    from ...adapters.bundled.retention import retention_in  # noqa: PLC0415 - only where the setting asks for it

    file = Path(settings.retention_file)
    try:
        retention_in(file)
    except Invalid as error:
        raise WrongSettings(*error.reasons) from error
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "it is no text"
        raise WrongSettings(
            Reason("setting.file_not_read", {"file": str(file), "detail": detail}, "RETENTION_FILE")
        ) from error
    return file


def _lasting(settings: Settings) -> Lasting:
    return Lasting(
        most=timedelta(days=settings.session_days),
        most_of_staff=timedelta(hours=settings.staff_session_hours),
        unused=timedelta(days=settings.session_unused_days),
    )
