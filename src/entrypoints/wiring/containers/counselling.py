"""Makes what counsellors ask and do over all their students."""

from __future__ import annotations

from ....domain.counselling.use_cases import bulk, notes, queue, tasks, workload
from .given import Given, providers


class CounsellingUseCases(Given):
    """Makes what counsellors ask and do over all their students."""

    ask_queue = providers.Factory(
        queue.AskQueue,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        editions=Given.editions,
        calendars=Given.calendars,
    )
    add_note = providers.Factory(notes.AddNote, transactions=Given.transactions, ids=Given.ids)
    list_notes = providers.Factory(notes.ListNotes, transactions=Given.transactions)
    give_task = providers.Factory(tasks.GiveTask, transactions=Given.transactions, ids=Given.ids, zones=Given.zones)
    list_tasks = providers.Factory(tasks.ListTasks, transactions=Given.transactions)
    list_my_tasks = providers.Factory(tasks.ListMyTasks, transactions=Given.transactions)
    finish_task = providers.Factory(tasks.FinishTask, transactions=Given.transactions)
    withdraw_task = providers.Factory(tasks.WithdrawTask, transactions=Given.transactions)
    give_to_many = providers.Factory(bulk.GiveToMany, transactions=Given.transactions, give=give_task)
    ask_workload = providers.Factory(workload.AskWorkload, transactions=Given.transactions)
