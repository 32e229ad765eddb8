"""A plan's calendar and picture over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
from icalendar import Calendar
from records import Server, Shared, a_record


def events(answer: httpx2.Response) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


async def test_a_timeline_is_a_picture_that_is_sent_once(shared: Shared) -> None:
    async with shared.server.client(shared.token) as client:
        path = f"/v1/plans/{shared.record.plan}/timeline.svg"
        drawn = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": drawn.headers["etag"]})
        later = await client.get(path, params={"today": "2027-01-05"}, headers={"If-None-Match": drawn.headers["etag"]})

    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.headers["content-security-policy"].startswith("default-src 'none'")
    assert drawn.headers["cache-control"] == "private, no-cache"
    assert ET.fromstring(drawn.content).get("role") == "img"
    assert (again.status_code, again.content) == (304, b"")
    assert (later.status_code, later.headers["etag"] == drawn.headers["etag"]) == (200, False)


async def test_pictures_and_calendars_of_others_do_not_exist(shared: Shared) -> None:
    async with shared.server.client() as nobody:
        for name in ("timeline.svg", "calendar.ics"):
            assert (await nobody.get(f"/v1/plans/{shared.record.plan}/{name}")).status_code == 401


async def test_an_impossible_day_is_refused_by_its_name(shared: Shared) -> None:
    async with shared.server.client(shared.token) as client:
        refused = await client.get(f"/v1/plans/{shared.record.plan}/timeline.svg", params={"today": "0001-01-01"})

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["today"]


async def test_a_calendar_is_told_again_as_it_was_until_something_changes(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    path = f"/v1/plans/{record.plan}/calendar.ics"

    first = await owner.get(path)
    server.clock.set(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    same = await owner.get(path)

    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert same.content == first.content
    assert {int(event["sequence"]) for event in events(first).values()} == {0}
    assert {str(event["url"]) for event in events(first).values()} == {
        f"https://study.example.org/v1/plans/{record.plan}"
    }


async def test_a_step_that_is_done_is_cancelled_in_a_download_and_gone_from_a_subscription(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    path = f"/v1/plans/{record.plan}/calendar.ics"
    link = (await owner.post(f"/v1/plans/{record.plan}/calendar-link")).json()["path"]
    before = events(await owner.get(path))
    seen = await owner.get(f"/v1/plans/{record.plan}")
    done = {"started_on": "2026-11-20", "finished_on": "2026-11-22"}
    reported = await owner.put(
        f"/v1/plans/{record.plan}/steps/DE1", json=done, headers={"If-Match": seen.headers["etag"]}
    )
    server.clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(minutes=5))

    after, subscribed = events(await owner.get(path)), events(await anybody.get(link))

    assert reported.status_code == 200
    gone = f"DE1.{record.plan}@higherstudy"
    assert (str(after[gone]["status"]), int(after[gone]["sequence"])) == ("CANCELLED", 1)
    assert before.keys() <= after.keys()
    assert gone not in subscribed
    for uid, event in subscribed.items():
        moved = uid in before and event["dtstart"] != before[uid]["dtstart"]
        assert not moved or int(event["sequence"]) == 1


async def test_a_target_that_is_given_up_takes_its_entries_out_of_the_calendar(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    path = f"/v1/plans/{record.plan}/calendar.ics"
    other = (await owner.get("/v1/programmes", params={"text": "stuttgart"})).json()["items"][0]["id"]
    seen = await owner.get(f"/v1/plans/{record.plan}")
    before = events(await owner.get(path))
    changed = await owner.put(
        f"/v1/plans/{record.plan}/targets",
        json={"targets": [{"programme_id": other, "term": "winter", "starts_on": "2027-10-01"}]},
        headers={"If-Match": seen.headers["etag"]},
    )

    after = events(await owner.get(path))

    assert changed.status_code == 200, changed.text
    cancelled = {uid for uid, event in after.items() if str(event["status"]) == "CANCELLED"}
    assert cancelled
    assert all("@" in uid.removesuffix("@higherstudy") for uid in cancelled)
    assert before.keys() <= after.keys()
