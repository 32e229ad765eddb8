"""The entries of a plan's calendar, and what is told again, anew or as cancelled."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from plan_builders import BERLIN, TODAY, application, schedule, step, target, window

from higherstudy.domain.planning.calendar_entries import CalendarEntry, EntryKind, calendar_of
from higherstudy.domain.planning.schedule import PlannedStep, State, reason
from higherstudy.domain.planning.sent_calendar import CalendarNow, Sent, SentEntry, tell
from higherstudy.domain.shared.times import WallTime
from laws import cases

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def entries(*steps: PlannedStep) -> tuple[CalendarEntry, ...]:
    return calendar_of(schedule(*steps), "plan", ZoneInfo, "Asia/Dhaka")


def test_a_step_takes_its_whole_days() -> None:
    (entry,) = entries(step("CV", start=2, days=3))

    assert (entry.uid, entry.kind, entry.first, entry.last) == (
        "CV.plan", EntryKind.STEP, date(2026, 11, 25), date(2026, 11, 28),
    )  # fmt: skip
    assert entry.remind == ()


def test_what_is_done_stands_in_no_calendar() -> None:
    assert entries(step("CV", state=State.DONE)) == ()


def test_a_deadline_with_an_hour_is_a_moment_where_it_was_set_and_is_told_in_both_zones() -> None:
    _, due, deadline = entries(application())

    assert (due.uid, due.first, due.remind) == ("due.APPLY@munich.plan", date(2027, 7, 14), (7, 30, 3, 1))
    assert deadline.uid == "deadline.APPLY@munich.plan"
    assert deadline.at is not None
    assert (deadline.at.local, deadline.at.zone) == (datetime(2027, 7, 15, 23, 59), "Europe/Berlin")
    assert [(note.code, dict(note.params)) for note in deadline.notes] == [
        ("calendar.there", {"at": "2027-07-15 23:59", "zone": "Europe/Berlin"}),
        ("calendar.here", {"at": "2027-07-16 03:59", "zone": "Asia/Dhaka"}),
        ("calendar.last_day", {"on": "2027-07-14"}),
        ("calendar.basis_received", {}),
    ]


def test_a_deadline_without_an_hour_is_her_own_last_day_alone() -> None:
    whole_day = target(apply_by=replace(BERLIN, time_stated=False))

    assert [entry.kind for entry in entries(application(target=whole_day))] == [EntryKind.STEP, EntryKind.DUE]


def test_a_window_reminds_more_often_than_anything_else_up_to_its_last_day() -> None:
    opens, closes = entries(window())

    assert (opens.is_window, opens.remind) == (True, (1,))
    assert closes.remind == (3, 7, 5, 2, 1, 0)
    assert [note.code for note in closes.notes] == ["due.window_closes"]


def test_what_is_told_for_the_first_time_begins_at_nought() -> None:
    now = tell(entries(step("CV")), {}, NOW)

    sent = now.told["CV.plan"]
    assert (sent.sequence, sent.changed_at, sent.cancelled) == (0, NOW.replace(microsecond=0), False)


def test_what_has_not_changed_is_told_as_it_was() -> None:
    first = tell(entries(step("CV"), window()), {}, NOW)

    second = tell(entries(step("CV"), window()), first.told, NOW + SECOND)

    assert second.told == first.told


def test_what_has_moved_keeps_its_name_and_counts_up() -> None:
    first = tell(entries(step("CV")), {}, NOW)

    moved = tell(entries(step("CV", start=4)), first.told, NOW + 5 * SECOND).told["CV.plan"]

    assert (moved.sequence, moved.changed_at) == (1, NOW.replace(microsecond=0) + 5 * SECOND)
    assert moved.first == TODAY + timedelta(days=4)


def test_what_is_gone_is_told_as_cancelled_once_and_stays_so() -> None:
    first = tell(entries(step("CV"), step("BANK")), {}, NOW)

    second = tell(entries(step("BANK")), first.told, NOW + SECOND)
    third = tell(entries(step("BANK")), second.told, NOW + 2 * SECOND)

    ((uid, gone),) = second.cancelled
    assert (uid, gone.sequence, gone.title) == ("CV.plan", 1, "Step CV")
    assert third.told == second.told


def test_what_comes_back_is_told_anew_under_its_old_name() -> None:
    first = tell(entries(step("CV")), {}, NOW)
    gone = tell((), first.told, NOW + SECOND)

    back = tell(entries(step("CV")), gone.told, NOW + 2 * SECOND)

    assert (back.told["CV.plan"].sequence, back.cancelled) == (2, ())


def test_what_was_cancelled_long_ago_is_forgotten() -> None:
    gone = tell((), tell(entries(step("CV")), {}, NOW).told, NOW)

    assert tell((), gone.told, NOW + timedelta(days=400)).cancelled
    assert tell((), gone.told, NOW + timedelta(days=401)).told == {}


@cases(100)
@given(st.lists(st.dictionaries(st.sampled_from("ABC"), st.integers(0, 3)), max_size=8))
def test_no_sequence_ever_falls_and_it_rises_just_when_something_is_told_otherwise(days: list[dict[str, int]]) -> None:
    told: Sent = {}
    for second, plan in enumerate(days):
        before = told
        now = tell(entries(*(step(code, start=start) for code, start in plan.items())), before, NOW + second * SECOND)
        told = now.told

        assert {entry.uid for entry in now.entries} == {uid for uid, sent in told.items() if not sent.cancelled}
        for uid, sent in told.items():
            was = before.get(uid)
            same = was is not None and (was.mark, was.cancelled) == (sent.mark, sent.cancelled)
            assert sent.sequence == (0 if was is None else was.sequence + (not same))
            assert sent.changed_at == (was.changed_at if was and same else NOW.replace(microsecond=0) + second * SECOND)


def test_a_step_tells_how_much_room_it_has_and_whether_it_decides() -> None:
    (room,) = entries(step("CV", slack=3, critical=True))
    (late,) = entries(step("CV", slack=-2))

    assert [(note.code, dict(note.params)) for note in room.notes] == [
        ("calendar.decides", {}),
        ("calendar.latest", {"days": 3, "on": "2026-12-03"}),
    ]
    assert [(note.code, dict(note.params)) for note in late.notes] == [
        ("calendar.too_late", {"days": 2, "on": "2026-11-28"})
    ]


def test_a_step_of_a_target_names_it_and_gives_its_advice() -> None:
    entry, *_ = entries(application(advice="Use the portal."))

    assert (entry.title, entry.advice) == ("Step APPLY (Informatics, Munich)", "Use the portal.")


def test_what_is_due_says_why_and_on_its_own_day_alone() -> None:
    _, due, _ = entries(application())

    assert (due.kind, due.first, due.last, due.is_window) == (
        EntryKind.DUE,
        date(2027, 7, 14),
        date(2027, 7, 14),
        False,
    )
    assert [note.code for note in due.notes] == ["due.application_deadline"]


def test_any_difference_that_a_calendar_shows_is_a_change() -> None:
    (entry,) = entries(step("CV"))
    others = [
        replace(entry, title="Another"),
        replace(entry, kind=EntryKind.DUE),
        replace(entry, first=TODAY - timedelta(days=1)),
        replace(entry, last=TODAY),
        replace(entry, advice="Ask."),
        replace(entry, remind=(1,)),
        replace(entry, is_window=True),
        replace(entry, notes=entries(step("CV", slack=1))[0].notes),
        replace(entry, at=entries(application())[2].at),
    ]

    assert len({entry.mark, *(other.mark for other in others)}) == len(others) + 1
    assert replace(entry, uid="another").mark == entry.mark


def test_an_application_has_its_days_its_last_day_and_its_deadline_in_full() -> None:
    found = entries(application(advice="Use the portal.", critical=True))

    title, last = "Step APPLY (Informatics, Munich)", date(2027, 7, 14)
    assert found == (
        CalendarEntry(
            "APPLY@munich.plan", EntryKind.STEP, title, TODAY, TODAY, advice="Use the portal.",
            notes=(reason("calendar.decides"), reason("calendar.latest", days=233, on="2027-07-14")),
        ),
        CalendarEntry(
            "due.APPLY@munich.plan", EntryKind.DUE, title, last, last, remind=(7, 30, 3, 1),
            notes=(reason("due.application_deadline", "munich", on="2027-07-14", days_early=0),),
        ),
        CalendarEntry(
            "deadline.APPLY@munich.plan", EntryKind.DEADLINE, title, date(2027, 7, 15), date(2027, 7, 15),
            remind=(1,), at=WallTime(datetime(2027, 7, 15, 23, 59), "Europe/Berlin"),
            notes=(
                reason("calendar.there", at="2027-07-15 23:59", zone="Europe/Berlin"),
                reason("calendar.here", at="2027-07-16 03:59", zone="Asia/Dhaka"),
                reason("calendar.last_day", on="2027-07-14"),
                reason("calendar.basis_received"),
            ),
        ),
    )  # fmt: skip
    arrival = replace(application(), due=reason("due.studies_begin", "munich", on="2027-10-01"))
    assert [entry.kind for entry in entries(arrival)] == [EntryKind.STEP, EntryKind.DUE]


def test_a_window_has_its_days_and_the_day_on_which_it_closes_in_full() -> None:
    shuts = reason("due.window_closes", on="2026-11-30")

    assert entries(window(slack=0)) == (
        CalendarEntry(
            "ANSWER.plan", EntryKind.STEP, "Step ANSWER", TODAY, date(2026, 11, 30), remind=(1,), is_window=True,
            notes=(reason("calendar.latest", days=0, on="2026-11-30"),),
        ),
        CalendarEntry(
            "due.ANSWER.plan", EntryKind.DUE, "Step ANSWER", date(2026, 11, 30), date(2026, 11, 30), (shuts,),
            remind=(3, 7, 5, 2, 1, 0), is_window=True,
        ),
    )  # fmt: skip


def test_a_step_that_nothing_is_due_after_tells_nothing_of_room() -> None:
    (entry,) = entries(step("CV", latest_finish=TODAY))

    assert entry.notes == ()


def test_what_is_remembered_of_an_entry_is_how_it_was_last_told() -> None:
    (entry,) = entries(step("CV", start=1))
    moment = NOW.replace(microsecond=0)

    first = tell((entry,), {}, NOW)
    gone = tell((), first.told, NOW + SECOND)

    told = SentEntry("Step CV", date(2026, 11, 24), date(2026, 12, 1), entry.mark, 0, moment)
    assert first == CalendarNow((entry,), {"CV.plan": told})
    cancelled = replace(told, sequence=1, changed_at=moment + SECOND, cancelled=True)
    assert gone == CalendarNow((), {"CV.plan": cancelled})
