"""The timeline as a picture, whatever the plan is like."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builders import TODAY, application, schedule, step, target, window

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.svg.axis import axis_for
from higherstudy.adapters.svg.layout import FOOT, HEIGHT, RIGHT, WIDTH, Page, laid_out
from higherstudy.adapters.svg.shapes import body
from higherstudy.adapters.svg.timeline import timeline_picture
from higherstudy.adapters.svg.words import TimelineWords
from higherstudy.adapters.svg.writing import width, wrapped
from higherstudy.domain.planning.schedule import Outcome, PlannedStep, Schedule, State
from higherstudy.domain.planning.timeline import Timeline, timeline_of
from higherstudy.domain.rulebook.pathways import StepKind
from laws import cases

SVG = "{http://www.w3.org/2000/svg}"
BANGLA = "ভিসার জন্য আবেদন করুন এবং সিদ্ধান্তের জন্য অপেক্ষা করুন"
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 4


def picture(found: Schedule) -> ET.Element:
    return ET.fromstring(timeline_picture(timeline_of(found), Messages()))


def pages(found: Schedule) -> tuple[Page, ...]:
    return laid_out(timeline_of(found), TimelineWords(timeline_of(found), Messages()))


def words_in(drawn: ET.Element) -> list[str]:
    return [found.text or "" for found in drawn.iter(f"{SVG}text")]


@cache
def everything() -> Schedule:
    """Every kind of step in every state."""
    steps = [
        step(f"{kind}-{state}", title=f"{kind} {state}", kind=kind, state=state, slack=slack, critical=slack == 0)
        for kind in StepKind
        for state, slack in zip(State, (0, -30, None), strict=True)
    ]
    return schedule(*steps, window(start=40), application(), step("LATER", start=90, days=0, target=target()))


def many(count: int) -> Schedule:
    kinds = list(StepKind)
    return schedule(
        *(
            step(f"S{n}", title=f"Step {n} {LONG if n % 9 == 0 else BANGLA}", start=n, kind=kinds[n % 5])
            for n in range(count)
        )
    )


@pytest.mark.parametrize("count", [1, 2, 200])
def test_every_step_is_there_once_with_its_bar_and_its_words(count: int) -> None:
    drawn = picture(many(count))

    told = [
        found.findtext(f"{SVG}title") or "" for found in drawn.iter(f"{SVG}g") if found.find(f"{SVG}title") is not None
    ]
    assert [int(found.split()[1]) for found in told] == list(range(count))


def test_it_can_be_read_by_those_who_do_not_see_it() -> None:
    drawn = picture(everything())

    named = {found.get("id"): found.text for found in drawn if found.get("id")}
    description = named["hs-desc"] or ""
    assert drawn.get("role") == "img"
    assert set((drawn.get("aria-labelledby") or "").split()) <= named.keys()
    assert named["hs-title"] == "Informatics, Munich, from 1 Oct 2027"
    numbered = re.findall(r"^(\d+)\. (.*)$", description, re.MULTILINE)
    assert [int(place) for place, _ in numbered] == list(range(1, len(everything().steps) + 1))
    assert "task to_do: 23 Nov – 30 Nov 2026; to do; decides the date; can slip by 0 days." in description
    assert "task in_progress: 23 Nov – 30 Nov 2026; under way; 30 days too late." in description
    assert "due by 14 Jul 2027" in description


def test_nothing_in_it_needs_a_style_sheet_a_script_or_the_net() -> None:
    drawn = picture(everything())

    assert {found.tag.removeprefix(SVG) for found in drawn.iter()} <= {
        *("svg", "title", "desc", "defs", "pattern", "view", "g", "path", "rect", "circle", "text"),
    }
    for found in drawn.iter():
        assert not [name for name in found.attrib if name in ("style", "class", "href") or name.startswith("on")]
        assert all(not value.startswith("url(") or value == "url(#hs-under-way)" for value in found.attrib.values())


def test_states_and_what_decides_differ_without_any_colour() -> None:
    bars = {bar.step.title: bar for bar in timeline_of(everything()).bars}
    looks = {body(bars[f"task {state}"], 0.0, 50.0, 0.0) for state in State}
    looks.add(body(replace(bars["task to_do"], critical=False), 0.0, 50.0, 0.0))
    looks |= {
        body(bars[f"{kind} to_do"], 0.0, 50.0, 0.0) for kind in (StepKind.WAIT, StepKind.WINDOW, StepKind.APPOINTMENT)
    }

    assert len(looks) == 7


def test_equal_schedules_give_equal_bytes() -> None:
    first = timeline_picture(timeline_of(everything()), Messages())
    again = timeline_picture(timeline_of(replace(everything())), Messages())

    assert first == again
    assert first.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_signs_and_letters_of_every_script_are_written_and_what_no_file_can_hold_is_left_out() -> None:
    drawn = picture(schedule(step("A", title=f'<script>alert("1")</script> & {BANGLA} \x00\x08\ud800 😀')))

    shown = " ".join(words_in(drawn))
    assert 'alert("1")' in shown
    assert BANGLA.split(maxsplit=1)[0] in shown
    assert "😀" in shown
    assert "Noto Sans Bengali" in (drawn.get("font-family") or "")


def test_one_page_is_as_high_as_it_needs_to_be_and_many_are_sheets_of_a4() -> None:
    (one,) = pages(schedule(step("A")))
    drawn, sheets = picture(many(200)), pages(many(200))

    assert one.height < 300
    assert (drawn.get("width"), drawn.get("height")) == ("297mm", f"{210 * len(sheets)}mm")
    assert [view.get("id") for view in drawn.iter(f"{SVG}view")] == [f"page-{n + 1}" for n in range(len(sheets))]
    for sheet in sheets:
        assert sheet.bottom <= HEIGHT - FOOT + 60
        assert any(row.bar for row in sheet.rows)
        assert sheet.rows[0].bar is None


def test_a_full_page_is_made_to_fit_one_sheet() -> None:
    drawn = picture(schedule(*(step(f"S{n}") for n in range(32))))

    measures = [float((drawn.get(name) or "").removesuffix("mm")) for name in ("width", "height")]
    assert measures[1] == 210
    assert 230 < measures[0] < 297


def test_rows_follow_one_another_without_overlapping() -> None:
    for page in pages(many(200)):
        for above, below in pairwise(page.rows):
            assert above.top + above.height == pytest.approx(below.top)


def test_everything_lies_on_the_page() -> None:
    for found in (everything(), many(60)):
        drawn = picture(found)
        for text in drawn.iter(f"{SVG}text"):
            size, x = float(text.get("font-size") or 0), float(text.get("x") or 0)
            long = width(text.text or "", size, bold=text.get("font-weight") == "bold")
            begins, ends = (x - long, x) if text.get("text-anchor") == "end" else (x, x + long)
            assert (begins >= 0, ends <= WIDTH) == (True, True), text.text
        for rect in drawn.iter(f"{SVG}rect"):
            assert float(rect.get("x") or 0) + float(rect.get("width") or 0) <= WIDTH


def test_a_plan_that_lies_long_ago_is_drawn_whole_with_an_arrow_to_today() -> None:
    long_ago = schedule(step("A", state=State.DONE), step("B", start=30, state=State.DONE), today=date(2040, 5, 1))

    drawn = picture(long_ago)

    assert "Today, 1 May 2040" in words_in(drawn)
    assert {"2026", "2027"} <= set(words_in(drawn))
    assert "2039" not in words_in(drawn)


def test_what_has_been_leaves_the_room_to_what_is_to_come() -> None:
    axis = axis_for(date(2020, 1, 1), date(2027, 2, 1), TODAY, 0.0, 100.0)

    assert axis.first == date(2026, 8, 1)
    assert axis.at(date(2020, 1, 1)) == 0.0
    assert axis.at(TODAY) < 60


@cases(100)
@given(
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.integers(0, 40_000),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_days_lie_on_the_axis_in_their_order_and_months_have_room(first: date, days: int, today: date) -> None:
    last = first + timedelta(days=days)

    axis = axis_for(first, last, today, 500.0, RIGHT)

    places = [axis.at(first), axis.at(last), RIGHT]
    assert places == sorted(places)
    assert places[0] >= 500.0
    months = [axis.at(month) for month in axis.months(30.0)]
    assert all(after - before > 25 for before, after in pairwise(months))


def test_the_ends_of_the_calendar_can_be_drawn() -> None:
    for first, last in ((date.min, date(1, 2, 1)), (date(9999, 11, 1), date.max), (date.min, date.max)):
        axis = axis_for(first, last, first, 0.0, 600.0)
        assert axis.at(last) <= 600.0
        assert len(axis.months(30.0)) <= 40


@cases(50)
@given(st.text(max_size=200), st.sampled_from([5.0, 60.0, 250.0]))
def test_wrapped_lines_fit_and_lose_no_letter(words: str, room: float) -> None:
    lines = wrapped(words, 12.0, room)

    assert "".join("".join(lines).split()) == "".join("".join(wrapped(words, 12.0, 10**6)).split())
    assert all(width(line, 12.0) <= room or sum(width(letter, 12.0) > 0 for letter in line) == 1 for line in lines)


@pytest.mark.parametrize(
    ("outcome", "slack", "says"),
    [
        (Outcome.ON_TIME, 30, "On time: you arrive on 1 Sep 2027, 30 days before studies begin."),
        (Outcome.AT_RISK, 3, "In time if all goes as usual, but at risk"),
        (Outcome.LATE, -12, "Too late: you arrive on 1 Sep 2027, 12 days after studies begin."),
    ],
)
def test_the_head_says_how_the_plan_stands(outcome: Outcome, slack: int, says: str) -> None:
    found = schedule(step("A"))
    (outlook,) = found.outlooks

    drawn = picture(replace(found, outlooks=(replace(outlook, outcome=outcome, slack=slack),)))

    assert says in " ".join(words_in(drawn))


def test_the_steps_that_decide_are_named_in_their_order() -> None:
    steps: tuple[PlannedStep, ...] = (step("B", title="Wait", critical=True), step("A", title="Queue", critical=True))

    assert "What decides the date: Queue › Wait" in words_in(picture(schedule(*steps, chain=("A", "B"))))


def test_groups_stand_with_the_leading_target_first() -> None:
    other = target(key="bonn", title="Physics, Bonn", starts_on=date(2027, 4, 1))
    found = schedule(step("X", target=other, key="X@bonn"), step("Y", target=target(), key="Y@munich"), step("Z"))

    timeline: Timeline = timeline_of(found)

    assert [group.target.key if group.target else "" for group in timeline.groups] == ["", "munich", "bonn"]


@st.composite
def plans(draw: st.DrawFn) -> Schedule:
    """Return any schedule at all: long ago, far ahead, late by years, with steps of no time and of many years."""
    steps = [
        step(
            f"S{number}",
            title=draw(st.text(max_size=60)) or "Step",
            start=draw(st.integers(-2000, 4000)),
            days=draw(st.sampled_from([0, 1, 9, 400, 5000])),
            slack=draw(st.none() | st.integers(-700, 700)),
            critical=draw(st.booleans()),
            state=draw(st.sampled_from(State)),
            kind=draw(st.sampled_from(StepKind)),
            target=draw(st.none() | st.just(target())),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    return schedule(*steps, today=TODAY + timedelta(days=draw(st.integers(-3000, 6000))))


@cases(100)
@given(plans())
def test_any_plan_is_drawn_within_the_page_and_told_in_full(found: Schedule) -> None:
    drawn = picture(found)

    titles = [group.findtext(f"{SVG}title") for group in drawn.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    assert len(titles) == len(found.steps)
    for shape in (*drawn.iter(f"{SVG}rect"), *drawn.iter(f"{SVG}circle")):
        begins = float(shape.get("x") or shape.get("cx") or 0)
        assert 0 <= begins <= begins + float(shape.get("width") or 0) <= WIDTH
    for shape in drawn.iter(f"{SVG}path"):
        assert "nan" not in (shape.get("d") or "")
        assert "inf" not in (shape.get("d") or "")
