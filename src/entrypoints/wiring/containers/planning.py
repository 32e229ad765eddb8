"""Makes plans, and what asks and reports about them."""

from __future__ import annotations

from ....domain.planning.use_cases import asking as plan_questions
from ....domain.planning.use_cases import calendars as plan_calendars
from ....domain.planning.use_cases import keeping as plans
from ....domain.planning.use_cases import papers as plan_papers
from ....domain.planning.use_cases import reporting as plan_reports
from ....domain.planning.use_cases import verdicts as plan_verdicts
from .given import Given, providers


class PlanningUseCases(Given):
    """Makes plans, and what asks and reports about them."""

    make_plan = providers.Factory(
        plans.MakePlan,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
        ids=Given.ids,
    )
    get_plan = providers.Factory(
        plans.GetPlan,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    list_plans = providers.Factory(
        plans.ListPlans,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    change_targets = providers.Factory(
        plans.ChangeTargets,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    report_step = providers.Factory(
        plan_reports.ReportStep,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    assume_durations = providers.Factory(
        plan_reports.AssumeDurations,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    ask_what_if = providers.Factory(
        plan_questions.AskWhatIf,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    explain_step = providers.Factory(
        plan_questions.ExplainStep,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    estimate_chance = providers.Factory(
        plan_questions.EstimateChance,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
        simulation=Given.simulation,
    )
    check_papers = providers.Factory(
        plan_papers.CheckPapers,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    judge_targets = providers.Factory(
        plan_verdicts.JudgeTargets,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    share_calendar = providers.Factory(
        plan_calendars.ShareCalendar,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
        secrets=Given.secrets,
    )
    stop_sharing_calendar = providers.Factory(
        plan_calendars.StopSharingCalendar,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    read_calendar = providers.Factory(
        plan_calendars.ReadCalendar,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
    get_calendar = providers.Factory(
        plan_calendars.GetCalendar,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        calendars=Given.calendars,
    )
