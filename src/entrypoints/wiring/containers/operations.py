"""Makes what looks after jobs."""

from __future__ import annotations

from ....domain.operations import use_cases as operations
from .given import Given, providers


class OperationUseCases(Given):
    """Makes what looks after jobs."""

    get_job = providers.Factory(operations.GetJob, transactions=Given.transactions)
    list_parked_jobs = providers.Factory(operations.ListParkedJobs, transactions=Given.transactions)
    requeue_job = providers.Factory(operations.RequeueJob, transactions=Given.transactions)
