"""Jobs over REST: their progress for whoever caused them, and parked ones for administrators."""

from datetime import timedelta
from uuid import UUID

import httpx2
from records import Server

from higherstudy.domain.audit.query import Query
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, JobId
from higherstudy.ports.jobs import Job, Priority

A_MINUTE = timedelta(minutes=1)
NONE = JobId(UUID(int=404))


async def account_of(server: Server, email: str) -> AccountId:
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email(email)
    assert account is not None
    return account.id


async def leased(server: Server, number: int = 1, email: str | None = None) -> Job:
    """Return a job that a worker has, asked for by that account."""
    origin = Origin(await account_of(server, email), request_id="a-request") if email else Origin()
    job_id = JobId(UUID(int=number))
    async with server.ports.transactions() as work:
        job = Job(
            job_id, "scan", work.now, arguments={"upload": "one"}, origin=origin, priority=Priority.HIGH, alone="scan"
        )
        assert await work.jobs.add(job)
        [held] = await work.jobs.lease_many([job_id], A_MINUTE)
    return held


async def parked(server: Server, number: int) -> Job:
    job = await leased(server, number)
    async with server.ports.transactions() as work:
        await work.jobs.park(job, "the store did not answer")
    return job


async def test_who_caused_a_job_sees_how_far_it_is(server: Server, owner: httpx2.AsyncClient) -> None:
    job = await leased(server, email="student@example.org")
    async with server.ports.transactions() as work:
        await work.jobs.report(job, 40, 100)

    shown = await owner.get(f"/v1/jobs/{job.id}")

    now = server.clock.now().isoformat().replace("+00:00", "Z")
    assert shown.json() == {
        "id": str(job.id),
        "name": "scan",
        "status": "leased",
        "priority": "high",
        "progress": {"done": 40, "of": 100, "since": now},
        "attempts": 1,
        "due_at": now,
        "ended_at": None,
        "request_id": "a-request",
    }


async def test_a_job_of_somebody_else_does_not_exist(
    server: Server, owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    job = await leased(server)

    theirs = await owner.get(f"/v1/jobs/{job.id}")
    none = await owner.get(f"/v1/jobs/{NONE}")
    of_anybody = await admin.get(f"/v1/jobs/{job.id}")

    assert (theirs.status_code, of_anybody.status_code) == (404, 200)
    assert theirs.json()["code"] == none.json()["code"]


async def test_an_administrator_lists_what_was_set_aside_page_by_page(
    server: Server, admin: httpx2.AsyncClient
) -> None:
    jobs = [await parked(server, number) for number in (1, 2, 3)]

    first = (await admin.get("/v1/jobs?limit=2")).json()
    second = (await admin.get("/v1/jobs", params={"limit": 2, "cursor": first["next"]})).json()

    assert [one["id"] for one in first["items"] + second["items"]] == [str(job.id) for job in jobs]
    assert second["next"] is None
    assert first["items"][0]["error"] == "the store did not answer"
    assert first["items"][0]["arguments"] == {"upload": "one"}


async def test_a_requeued_job_is_due_at_once(server: Server, admin: httpx2.AsyncClient) -> None:
    job = await parked(server, 1)

    answer = await admin.post(f"/v1/jobs/{job.id}/requeue")
    again = await admin.post(f"/v1/jobs/{job.id}/requeue")

    assert (answer.status_code, answer.json()["status"], answer.json()["attempts"]) == (200, "waiting", 0)
    assert again.status_code == 404
    assert (await admin.get("/v1/jobs")).json()["items"] == []
    async with server.ports.transactions() as work:
        noted = await work.audit_trail.search(Query(action="job.requeued"), 9)
    assert [one.entry.subject_id for one in noted] == [job.id]


async def test_a_job_is_not_requeued_beside_one_that_it_must_not_run_beside(
    server: Server, admin: httpx2.AsyncClient
) -> None:
    job = await parked(server, 1)
    await leased(server, 2)

    answer = await admin.post(f"/v1/jobs/{job.id}/requeue")

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "job.another_is_open"
