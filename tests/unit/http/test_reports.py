"""Reports over HTTP: asked for, looked at, opened by a link."""

from datetime import timedelta

import httpx2
from records import Server, a_record

from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.jobs import Priority


async def carry_out(server: Server) -> None:
    """Carry out what is due in the background."""
    worker = Worker(server.ports.transactions, duties(use_cases_over(server.ports)))
    async with server.ports.transactions() as work:
        due = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta())
    for job in due:
        await worker.carry_out(job.job_id)
    await worker.rest()


async def test_a_report_is_asked_for_made_and_opened_by_a_link_of_the_api(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)

    asked = await owner.post("/v1/reports", json={"kind": "readiness"}, headers={"Idempotency-Key": "one"})
    again = await owner.post("/v1/reports", json={"kind": "readiness"}, headers={"Idempotency-Key": "one"})
    here = asked.headers["location"]
    early = await owner.get(f"{here}/file")
    await carry_out(server)
    seen = (await owner.get(here)).json()
    led = await owner.get(f"{here}/file")
    opened = await anybody.get(led.headers["location"])

    assert (asked.status_code, again.content == asked.content) == (202, True)
    assert (asked.json()["state"], asked.json()["plan_id"]) == ("asked", record.plan)
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "report.not_ready")
    assert (seen["state"], seen["size"], seen["because"]) == ("ready", len(opened.content), "")
    assert (await owner.get("/v1/reports")).json()["items"] == [seen]
    assert opened.headers["content-type"] == "application/pdf"
    assert 'filename="readiness-2026-11-23.pdf"' in opened.headers["content-disposition"]
    assert opened.content.startswith(b"%PDF-")


async def test_a_report_comes_in_the_language_of_the_request_or_in_the_one_that_is_asked_for(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    await a_record(owner)

    spoken = await owner.post("/v1/reports", json={"kind": "readiness"}, headers={"Accept-Language": "bn"})
    named = await owner.post(
        "/v1/reports", json={"kind": "readiness", "language": "en"}, headers={"Accept-Language": "bn"}
    )

    assert (spoken.json()["language"], named.json()["language"]) == ("bn", "en")


async def test_what_cannot_be_asked_for_is_refused_with_the_reason(owner: httpx2.AsyncClient) -> None:
    async def refusal(body: dict[str, str]) -> tuple[int, list[str]]:
        answer = await owner.post("/v1/reports", json=body)
        return answer.status_code, [one["code"] for one in answer.json()["errors"]]

    assert await refusal({"kind": "readiness"}) == (422, ["report.needs_plan"])
    assert await refusal({"kind": "readiness", "form": "csv"}) == (422, ["report.not_in_this_form"])
    assert (await refusal({"kind": "caseload"}))[0] == 403
    assert (await refusal({"kind": "horoscope"}))[0] in (400, 422)


async def test_a_counsellor_has_a_list_as_a_table(server: Server, owner: httpx2.AsyncClient) -> None:
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email("student@example.org")
        assert account is not None
        account.roles |= {Role.COUNSELLOR}
        await work.accounts.save(account)

    asked = await owner.post("/v1/reports", json={"kind": "rules", "form": "csv"})
    await carry_out(server)
    led = await owner.get(f"{asked.headers['location']}/file")
    opened = await owner.get(led.headers["location"])

    assert opened.headers["content-type"].startswith("text/csv")
    assert "not verified" in opened.text
