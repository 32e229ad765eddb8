"""A plan beside the rest of the record: applications, verdicts, money and words belong together."""

import asyncio
from uuid import UUID

import httpx2
from icalendar import Calendar
from records import Record, Server, a_record

from higherstudy.domain.applications.application import Action, Submission
from higherstudy.domain.shared.ids import AccountId, ApplicationId

SOMEBODY = AccountId(UUID(int=5))


async def sent_and(server: Server, record: Record, *actions: Action) -> None:
    """Let the application of the record be sent, and then become of it what the actions say."""
    async with server.ports.transactions() as work:
        application = await work.applications.get(ApplicationId(UUID(record.application)))
        application.submit(Submission(work.now, "0" * 64), SOMEBODY)
        for action in actions:
            application.act(action, work.now, SOMEBODY)
        await work.applications.save(application)


async def test_an_application_that_was_sent_is_a_step_that_is_done(server: Server, owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    await sent_and(server, record)

    plan = (await owner.get(f"/v1/plans/{record.plan}")).json()

    applied = next(step for step in plan["steps"] if step["code"] == "DE6")
    assert (applied["state"], applied["answered"]["code"]) == ("done", "known.sent")


async def test_a_rejected_target_is_lost_and_says_since_when(server: Server, owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    await sent_and(server, record, Action.REJECT)

    english, bangla = await asyncio.gather(
        *(owner.get(f"/v1/plans/{record.plan}", headers={"Accept-Language": tag}) for tag in ("en", "bn"))
    )

    outlook = english.json()["outlooks"][0]
    assert (outlook["outcome"], [one["code"] for one in outlook["reasons"]]) == ("lost", ["lost.rejected"])
    assert outlook["summary"].startswith("Lost: the application was rejected on ")
    assert bangla.json()["outlooks"][0]["summary"].startswith("হাতছাড়া: ")


async def test_verdicts_of_a_plan_are_held_against_its_own_days(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    plan = (await owner.get(f"/v1/plans/{record.plan}")).json()

    (one,) = (await owner.get(f"/v1/plans/{record.plan}/verdicts")).json()["items"]

    assert (one["target"], one["enrolment"]) == (plan["lead"], "2027-10-01")
    assert one["appointment"] == plan["money"][0]["on"]
    assert one["verdict"]["programme"]["id"] == record.programme
    assert [notice["where"] for notice in plan["notices"]] in ([], [plan["lead"]])


async def test_money_names_its_country_and_target_and_the_packs_are_those_leaned_on(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    plan = (await owner.get(f"/v1/plans/{record.plan}")).json()

    assert {(need["country"], need["target"]) for need in plan["money"]} == {("DE", plan["lead"])}
    assert "germany" in plan["leans_on"]
    assert "australia" not in plan["leans_on"]


async def test_the_papers_of_a_target_that_the_plan_does_not_have_are_not_found(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    refused = await owner.get(f"/v1/plans/{record.plan}/checklist", params={"target": "moon/winter-2027"})

    assert refused.status_code == 404
    assert refused.json()["errors"][0]["code"] == "plan.unknown_target"


async def test_a_what_if_says_in_one_sentence_what_it_comes_to(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    question = {"durations": {"DE16": 90}}

    english, bangla = [
        (await owner.post(f"/v1/plans/{record.plan}/what-ifs", json=question, headers={"Accept-Language": tag})).json()
        for tag in ("en", "bn")
    ]

    assert english["changed"]["summary"].startswith('If "Wait for the decision" takes 90 days: ')
    assert bangla["changed"]["summary"].startswith("যদি ")
    assert "৯০ দিন" in bangla["changed"]["summary"]


async def test_pictures_and_calendars_are_in_the_language_that_is_asked_for(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    headers = {"Accept-Language": "bn"}

    picture = await owner.get(f"/v1/plans/{record.plan}/timeline.svg", headers=headers)
    bangla = await owner.get(f"/v1/plans/{record.plan}/calendar.ics", headers=headers)
    english = await owner.get(f"/v1/plans/{record.plan}/calendar.ics")

    titles = {str(event["uid"]): str(event["summary"]) for event in Calendar.from_ical(bangla.content).walk("VEVENT")}
    marks = [
        {str(event["uid"]): str(event["sequence"]) for event in Calendar.from_ical(one.content).walk("VEVENT")}
        for one in (bangla, english)
    ]
    assert 'xml:lang="bn"' in picture.text
    assert any("দূতাবাসের" in title for title in titles.values())
    assert marks[0] == marks[1]  # another language is no change of the plan
