"""Makes what reads the catalogue, and what brings programmes into it."""

from __future__ import annotations

from ....domain.catalogue import use_cases as catalogue
from ....domain.imports.use_cases import accepting_people, background, failing, offers, reading, taking_rows, telling
from ....domain.imports.use_cases import importing as imports
from .given import Given, providers


class CatalogueUseCases(Given):
    """Makes what reads the catalogue, and what brings programmes into it."""

    search_programmes = providers.Factory(catalogue.SearchProgrammes, transactions=Given.transactions)
    get_programme = providers.Factory(catalogue.GetProgramme, transactions=Given.transactions)
    get_institution = providers.Factory(catalogue.GetInstitution, transactions=Given.transactions)
    import_catalogue = providers.Factory(imports.ImportCatalogue, transactions=Given.transactions, ids=Given.ids)
    break_off_imports = providers.Factory(imports.BreakOffImports, transactions=Given.transactions)
    accept_import = providers.Factory(
        background.AcceptImport,
        transactions=Given.transactions,
        files=Given.files,
        catalogues=Given.stored_catalogues,
        ids=Given.ids,
    )
    correct_import = providers.Factory(
        background.CorrectImport, transactions=Given.transactions, files=Given.files, ids=Given.ids
    )
    run_import_again = providers.Factory(background.RunImportAgain, transactions=Given.transactions, ids=Given.ids)
    undo_import = providers.Factory(background.UndoImport, transactions=Given.transactions, ids=Given.ids)
    take_import = providers.Factory(
        background.TakeImport,
        transactions=Given.transactions,
        files=Given.files,
        catalogues=Given.stored_catalogues,
        ids=Given.ids,
    )
    accept_people = providers.Factory(
        accepting_people.AcceptPeople, transactions=Given.transactions, tables=Given.given_tables, ids=Given.ids
    )
    take_rows = providers.Factory(
        taking_rows.TakeRows,
        transactions=Given.transactions,
        ids=Given.ids,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
    )
    fail_imports = providers.Factory(failing.FailImports, transactions=Given.transactions)
    retry_import = providers.Factory(failing.RetryImport, transactions=Given.transactions, ids=Given.ids)
    list_record_offers = providers.Factory(offers.ListRecordOffers, transactions=Given.transactions)
    accept_record_offer = providers.Factory(offers.AcceptRecordOffer, transactions=Given.transactions)
    decline_record_offer = providers.Factory(offers.DeclineRecordOffer, transactions=Given.transactions)
    list_import_offers = providers.Factory(offers.ListImportOffers, transactions=Given.transactions)
    trace_profile = providers.Factory(offers.TraceProfile, transactions=Given.transactions)
    show_filed = providers.Factory(offers.ShowFiled, transactions=Given.transactions)
    follow_catalogue = providers.Factory(telling.FollowCatalogue, transactions=Given.transactions)
    get_programme_news = providers.Factory(telling.GetProgrammeNews, transactions=Given.transactions)
    get_import = providers.Factory(reading.GetImport, transactions=Given.transactions)
    list_imports = providers.Factory(reading.ListImports, transactions=Given.transactions)
    list_row_problems = providers.Factory(reading.ListRowProblems, transactions=Given.transactions)
    trace_programme = providers.Factory(reading.TraceProgramme, transactions=Given.transactions)
