"""The rules are changed over REST by administrators alone, knowingly, and any earlier answer can be had again."""

from datetime import timedelta
from string import Formatter
from typing import Any

import httpx2
import pytest
from records import Server, a_record
from rule_worlds import germany

from higherstudy.adapters.bundled.messages import _texts, known_codes
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.jobs import Priority

PACKS = "/v1/rulebook/packs"
IMPACTS = "/v1/rulebook/impacts"
EDITIONS = "/v1/rulebook/editions"


async def carry_out_everything(server: Server) -> None:
    """Pass every event on and carry out every job, until nothing follows any more."""
    known = duties(use_cases_over(server.ports))
    worker, relay = (
        Worker(server.ports.transactions, known),
        Relay(server.ports.transactions, server.ports.ids, known.reactions),
    )
    while True:
        passed_on = await relay.pass_on()
        async with server.ports.transactions() as work:
            offers = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta())
        if not passed_on and not offers:
            return
        for offer in offers:
            await worker.carry_out(offer.job_id)
        await worker.rest()


async def taken_in(admin: httpx2.AsyncClient, text: str) -> str:
    answer = await admin.post(PACKS, params={"file_name": "germany.toml"}, content=text.encode())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sha256"])


async def activated(admin: httpx2.AsyncClient, text: str) -> dict[str, Any]:
    sha256 = await taken_in(admin, text)
    seen = (await admin.get(f"{EDITIONS}/current")).headers["etag"]
    answer = await admin.post(EDITIONS, json={"packs": [sha256], "reason": "a new amount"}, headers={"If-Match": seen})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_pack_goes_from_a_file_over_its_report_into_force(
    server: Server, admin: httpx2.AsyncClient, owner: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    sha256 = await taken_in(admin, germany())

    begun = await admin.post(IMPACTS, json={"packs": [sha256]})
    await carry_out_everything(server)
    report = (await admin.get(begun.headers["location"])).json()
    seen = (await admin.get(f"{EDITIONS}/current")).headers["etag"]
    in_force = await admin.post(EDITIONS, json={"packs": [sha256], "impact": report["id"]}, headers={"If-Match": seen})
    plan = (await owner.get(f"/v1/plans/{record.plan}")).json()

    [student] = report["items"]
    assert (begun.status_code, begun.json()["state"], report["state"]) == (202, "running", "finished")
    assert report["totals"]["top_up"] == 1
    assert report["summary"].startswith(f"This affects 1 of {report['totals']['students']} students; 1 must top up")
    assert any("EUR 12,624 must be shown instead of EUR 11,904" in one["message"] for one in student["changes"])
    assert in_force.status_code == 201
    assert in_force.json()["impact"] == report["id"]
    assert plan["money"][0]["amount"] == {"amount": "12624.00", "currency": "EUR"}
    assert plan["edition"] == in_force.json()["sha256"]


async def test_whose_plan_is_moved_gets_one_mail_that_says_what_is_otherwise(
    server: Server, admin: httpx2.AsyncClient, owner: httpx2.AsyncClient
) -> None:
    await a_record(owner)
    await carry_out_everything(server)
    await activated(admin, germany())

    await carry_out_everything(server)
    server.clock.move(timedelta(hours=12))  # at night nobody is told of what can wait
    await carry_out_everything(server)

    mailbox = server.ports.mailbox
    assert isinstance(mailbox, MemoryMailbox)
    mails = [mail for mail in mailbox.mails if mail.id.startswith("plan_moved-")]
    assert [mail.to for mail in mails] == ["student@example.org"]
    assert "EUR 12,624 must be shown instead of EUR 11,904" in mails[0].text


async def test_an_earlier_edition_and_day_give_the_earlier_answer(
    admin: httpx2.AsyncClient, owner: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    plan = (await owner.get(f"/v1/plans/{record.plan}", params={"today": "2026-11-23"})).json()
    verdict = (await owner.get(f"/v1/students/me/verdicts/{record.programme}")).json()
    await activated(admin, germany())

    again = await owner.get(f"/v1/plans/{record.plan}", params={"today": "2026-11-23", "edition": plan["edition"]})
    judged = await owner.get(
        f"/v1/students/me/verdicts/{record.programme}", params={"on": verdict["on"], "edition": verdict["edition"]}
    )
    never_was = await owner.get(f"/v1/plans/{record.plan}", params={"edition": "0" * 64})
    no_edition = await owner.get(f"/v1/plans/{record.plan}", params={"edition": "last year's"})

    assert again.json() == plan
    assert judged.json() == verdict
    assert (never_was.status_code, never_was.json()["errors"][0]["code"]) == (404, "edition.unknown")
    assert (no_edition.status_code, no_edition.json()["errors"][0]["field"]) == (422, "edition")


async def test_a_broken_pack_is_refused_with_its_line_and_its_reason(admin: httpx2.AsyncClient) -> None:
    broken = germany().replace('unit = "EUR/month"', 'unit = "EUR/fortnight"')

    answer = await admin.post(PACKS, params={"file_name": "germany.toml"}, content=broken.encode())
    no_text = await admin.post(PACKS, content=b"\xff\xfe")

    assert answer.status_code == 422
    assert {error["code"] for error in answer.json()["errors"]} == {"fact.unknown_unit", "fact.no_money_a_month"}
    assert all(error["field"].startswith("germany.toml:") for error in answer.json()["errors"])
    assert (no_text.status_code, no_text.json()["errors"][0]["code"]) == (422, "file.not_utf8")
    assert (await admin.get(f"{EDITIONS}/current")).json()["number"] == 1


async def test_sending_the_same_pack_again_changes_nothing(admin: httpx2.AsyncClient) -> None:
    first = await admin.post(PACKS, content=germany().encode())
    again = await admin.post(PACKS, content=germany().encode())

    listed = (await admin.get(PACKS, params={"limit": 100})).json()["items"]
    assert first.json() == again.json()
    assert [pack["sha256"] for pack in listed].count(first.json()["sha256"]) == 1


async def test_the_same_key_lets_an_edition_come_into_force_once(admin: httpx2.AsyncClient) -> None:
    sha256 = await taken_in(admin, germany())
    headers = {"If-Match": (await admin.get(f"{EDITIONS}/current")).headers["etag"], "Idempotency-Key": "a-new-amount"}
    body = {"packs": [sha256], "reason": "a new amount"}

    answers = [await admin.post(EDITIONS, json=body, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len((await admin.get(EDITIONS)).json()["items"]) == 2


async def test_going_back_is_one_request(admin: httpx2.AsyncClient) -> None:
    before = (await admin.get(f"{EDITIONS}/current")).json()
    after = await activated(admin, germany())

    back = await admin.post(
        EDITIONS,
        json={"back_to": before["sha256"], "reason": "taken back"},
        headers={"If-Match": f'"{after["number"]}"'},
    )

    assert (back.status_code, back.json()["sha256"]) == (201, before["sha256"])


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ({"packs": [], "reason": "x"}, {}, 428, "request.if_match_needed"),
        ({"packs": [], "reason": "x"}, {"If-Match": '"1"'}, 422, "edition.changes_nothing"),
        ({"packs": ["e" * 64], "reason": "x"}, {"If-Match": '"1"'}, 404, "edition.unknown_pack"),
        ({"packs": ["short"]}, {"If-Match": '"1"'}, 422, "data.does_not_fit"),
        ({"drop": ["germany"], "reason": "x"}, {"If-Match": '"1"'}, 404, "edition.not_chosen"),
        ({"back_to": "e" * 64, "reason": "x"}, {"If-Match": '"1"'}, 404, "edition.unknown"),
        ({"back_to": "e" * 64, "drop": ["x"], "reason": "x"}, {"If-Match": '"1"'}, 422, "edition.back_or_on"),
        ({"packs": [], "reason": "x"}, {"If-Match": '"9"'}, 412, "version.stale"),
        ({"packs": [], "reason": "x" * 2000}, {"If-Match": '"1"'}, 422, "data.does_not_fit"),
    ],
)
async def test_what_cannot_come_into_force_is_refused_with_the_reason(
    admin: httpx2.AsyncClient, body: dict[str, Any], headers: dict[str, str], status: int, code: str
) -> None:
    await admin.get(f"{EDITIONS}/current")

    answer = await admin.post(EDITIONS, json=body, headers=headers)

    assert answer.status_code == status, answer.text
    assert [error["code"] for error in answer.json()["errors"]] == [code]


async def test_a_student_is_told_that_she_may_do_nothing_of_this(owner: httpx2.AsyncClient) -> None:
    nothing = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"
    answers = [
        await owner.post(PACKS, content=b"x"),
        await owner.get(PACKS),
        await owner.post(IMPACTS, json={}),
        await owner.get(f"{IMPACTS}/{nothing}"),
        await owner.get(EDITIONS),
        await owner.get(f"{EDITIONS}/current"),
        await owner.post(EDITIONS, json={}, headers={"If-Match": '"1"'}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7


async def test_pages_of_packs_and_editions_follow_one_another(admin: httpx2.AsyncClient) -> None:
    await activated(admin, germany())

    packs = (await admin.get(PACKS, params={"limit": 2})).json()
    more = (await admin.get(PACKS, params={"limit": 2, "cursor": packs["next"]})).json()
    editions = (await admin.get(EDITIONS, params={"limit": 1})).json()
    earlier = (await admin.get(EDITIONS, params={"limit": 1, "cursor": editions["next"]})).json()

    assert not {one["sha256"] for one in packs["items"]} & {one["sha256"] for one in more["items"]}
    assert [one["number"] for one in (*editions["items"], *earlier["items"])] == [2, 1]
    assert earlier["next"] is None


def test_every_sentence_of_a_change_is_there_in_english_and_in_bangla_with_the_same_parameters() -> None:
    ours = sorted(code for code in known_codes("en") if code.startswith(("impact.", "edition.")))

    assert [code for code in ours if code not in known_codes("bn")] == []
    assert [code for code in ours if _params("en", code) != _params("bn", code)] == []


def _params(language: str, code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(_texts(language)[code]) if name}
