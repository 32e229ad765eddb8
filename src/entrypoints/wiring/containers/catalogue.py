"""Makes what reads the catalogue, and what brings programmes into it."""

from __future__ import annotations

from ....domain.catalogue import use_cases as catalogue
from ....domain.imports import use_cases as imports
from .given import Given, providers


class CatalogueUseCases(Given):
    """Makes what reads the catalogue, and what brings programmes into it."""

    search_programmes = providers.Factory(catalogue.SearchProgrammes, transactions=Given.transactions)
    get_programme = providers.Factory(catalogue.GetProgramme, transactions=Given.transactions)
    get_institution = providers.Factory(catalogue.GetInstitution, transactions=Given.transactions)
    import_catalogue = providers.Factory(imports.ImportCatalogue, transactions=Given.transactions, ids=Given.ids)
    break_off_imports = providers.Factory(imports.BreakOffImports, transactions=Given.transactions)
    get_import = providers.Factory(imports.GetImport, transactions=Given.transactions)
    list_row_problems = providers.Factory(imports.ListRowProblems, transactions=Given.transactions)
