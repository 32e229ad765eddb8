"""Makes what looks after jobs, and whether what must hold does."""

from __future__ import annotations

from ....domain.operations.use_cases import detecting, jobs, samples
from .given import Given, providers


class OperationUseCases(Given):
    """Makes what looks after jobs, and whether what must hold does."""

    get_job = providers.Factory(jobs.GetJob, transactions=Given.transactions)
    list_parked_jobs = providers.Factory(jobs.ListParkedJobs, transactions=Given.transactions)
    requeue_job = providers.Factory(jobs.RequeueJob, transactions=Given.transactions)
    samples = providers.Factory(
        samples.Samples,
        transactions=Given.transactions,
        files=Given.files,
        vault=Given.vault,
        rule_packs=Given.rule_packs,
    )
    detect_breaches = providers.Factory(
        detecting.DetectBreaches, transactions=Given.transactions, ids=Given.ids, samples=samples
    )
    list_invariants = providers.Factory(detecting.ListInvariants, transactions=Given.transactions)
