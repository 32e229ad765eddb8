"""What is written in the picture of a timeline, by way of the sentences for codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...domain.planning.calendars import Holiday
from ...domain.planning.schedule import Outcome, State
from ...domain.planning.timeline import Bar, Group, Timeline
from ...domain.shared.errors import Params
from ...ports.messages import Messages

_OUTCOMES = {
    Outcome.ON_TIME: "timeline.on_time",
    Outcome.AT_RISK: "timeline.at_risk",
    Outcome.LATE: "timeline.late",
    Outcome.LOST: "timeline.lost",
}
_STATES = {
    State.TO_DO: "timeline.text_to_do",
    State.IN_PROGRESS: "timeline.text_under_way",
    State.DONE: "timeline.text_done",
}


class TimelineWords:
    """The words of one timeline in one language."""

    def __init__(self, timeline: Timeline, messages: Messages) -> None:
        self._timeline = timeline
        self.say = messages.sentence
        self._text = messages.text
        self.day = messages.short_day
        self.month = messages.short_month

    @property
    def title(self) -> str:
        """What the plan aims at."""
        target = self._timeline.outlook.target
        return self.say("timeline.title", {"title": target.title, "starts_on": self.day(target.starts_on)})

    @property
    def outcome(self) -> str:
        """How the leading target stands, in one sentence."""
        outlook = self._timeline.outlook
        arrival: Params = {"arrives_on": self.day(outlook.arrives_on), "days": abs(outlook.slack)}
        if outlook.outcome is Outcome.AT_RISK and outlook.misses_window:
            return self.say("timeline.window_missed", arrival)
        return self.say(_OUTCOMES[outlook.outcome], arrival)

    @property
    def as_of(self) -> str:
        """The day for which it is worked out."""
        return self.say("timeline.as_of", {"on": self.day(self._timeline.today)})

    @property
    def chain(self) -> str:
        """The steps that decide the day of arrival, in their order; nothing where none is left."""
        chain = " › ".join(map(self._text, self._timeline.chain))
        return self.say("timeline.decided_by", {"chain": chain}) if chain else ""

    def label(self, bar: Bar) -> str:
        """Return the title of a step."""
        return self._text(bar.step)

    def closed(self, holiday: Holiday) -> str:
        """Return what a closed day is called."""
        told = f"{self.day(holiday.on)}: {holiday.name}"
        return f"{told} ({self.say('timeline.estimated')})" if holiday.estimated else told

    def group(self, group: Group) -> str:
        """Return what stands over the bars of one target."""
        return group.target.title if group.target else self.say("timeline.shared")

    def year(self, day: date) -> str:
        """Return the year of the day."""
        return self.say("timeline.year", {"year": day.year})

    def room(self, bar: Bar) -> str:
        """Return how many days the step can slip, nothing where nothing is due after it."""
        return "" if bar.slack is None else self.say("timeline.days", {"days": bar.slack})

    def span(self, bar: Bar) -> str:
        """Return the first and the last day of a step, which may be one."""
        if bar.start == bar.finish:
            return self.day(bar.start)
        begins = self.day(bar.start, year=bar.start.year != bar.finish.year)
        return f"{begins} – {self.day(bar.finish)}"

    def told(self, bar: Bar) -> str:
        """Return everything that is drawn of a step, in words."""
        return "; ".join(self._told(bar)) + self.say("timeline.stop")

    def alternative(self) -> Iterator[str]:
        """Yield the whole picture as lines of text, the steps numbered."""
        yield self.outcome
        yield from filter(None, [self.chain])
        place = 0
        for group in self._timeline.groups:
            yield f"{self.group(group)}:"
            for bar in group.bars:
                place += 1
                yield f"{place}. {self.told(bar)}"

    def _told(self, bar: Bar) -> Iterator[str]:
        yield f"{self.label(bar)}: {self.span(bar)}"
        yield self.say(_STATES[bar.state])
        if bar.critical:
            yield self.say("timeline.text_decides")
        if bar.slack is not None:
            yield self.say("timeline.text_late" if bar.is_late else "timeline.text_room", {"days": abs(bar.slack)})
        if bar.opens_on is not None:
            yield self.say("timeline.text_opens", {"on": self.day(bar.opens_on)})
        if bar.due_on is not None:
            yield self.say("timeline.text_due", {"on": self.day(bar.due_on)})
        if bar.gate is not None:
            yield self.say(bar.gate.code, bar.gate.params).rstrip(".।")
