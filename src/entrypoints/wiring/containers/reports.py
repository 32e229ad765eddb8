"""Makes what asks for reports, makes them and takes them away."""

from __future__ import annotations

from ....domain.reports.use_cases import asking, gathering, making
from .given import Given, providers


class ReportUseCases(Given):
    """Makes what asks for reports, makes them and takes them away."""

    ask_for_report = providers.Factory(asking.AskForReport, transactions=Given.transactions, ids=Given.ids)
    list_reports = providers.Factory(asking.ListReports, transactions=Given.transactions)
    get_report = providers.Factory(asking.GetReport, transactions=Given.transactions)
    link_to_report = providers.Factory(
        asking.LinkToReport, transactions=Given.transactions, paper_links=Given.paper_links
    )
    gather_readiness = providers.Factory(
        gathering.GatherReadiness,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    gather_list = providers.Factory(
        gathering.GatherList,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    make_report = providers.Factory(
        making.MakeReport,
        transactions=Given.transactions,
        files=Given.files,
        vault=Given.vault,
        messages=Given.messages,
        pictures=Given.pictures,
        typesetting=Given.typesetting,
        sheets=Given.sheets,
        readiness=gather_readiness,
        listing=gather_list,
        at_most=Given.largest_export,
        lasting=Given.report_lasting,
    )
    remove_reports = providers.Factory(making.RemoveReports, transactions=Given.transactions, files=Given.files)
