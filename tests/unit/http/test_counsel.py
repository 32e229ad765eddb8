"""Notes, tasks, tasks for many, and what lies with whom, over REST."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from helping import COUNSELLOR, let, signed_in, signed_in_again
from records import PDF, Server

from higherstudy.domain.identity.account import Role

WITHIN_A_WEEK = {"title": "Ask for a second letter", "due_on": "2027-01-11"}


class Counsel:
    """Students and a counsellor, whom the first two of them let see their plans."""

    def __init__(self, server: Server, counsellor: str, students: dict[str, str]) -> None:
        self.server, self.counsellor, self.tokens = server, counsellor, students
        self.ids: dict[str, str] = {}

    async def ask(self, token: str, method: str, path: str, **content: Any) -> Any:
        async with self.server.client(token) as client:
            answer = await client.request(method, f"/v1{path}", **content)
        return answer.status_code, answer.json()


@pytest.fixture
async def counsel(server: Server) -> Counsel:
    counsellor = await signed_in(server, COUNSELLOR, Role.COUNSELLOR)
    students = {name: await signed_in(server, f"{name}@example.org") for name in ("amina", "babul", "chitra")}
    found = Counsel(server, counsellor, students)
    for name, token in students.items():
        if name != "chitra":
            await let(server, token, counsellor)
        found.ids[name] = (await found.ask(token, "GET", "/me"))[1]["student_id"]
    return found


async def test_a_student_reads_what_is_written_down_about_her_and_nobody_changes_it(counsel: Counsel) -> None:
    of = f"/students/{counsel.ids['amina']}/notes"

    status, first = await counsel.ask(counsel.counsellor, "POST", of, json={"text": " She called. "})
    _, second = await counsel.ask(counsel.counsellor, "POST", of, json={"text": "No: wrote.", "corrects": first["id"]})

    assert (status, first["text"], second["corrects"]) == (201, "She called.", first["id"])
    status, hers = await counsel.ask(counsel.tokens["amina"], "GET", "/students/me/notes")
    assert (status, [one["id"] for one in hers["items"]]) == (200, [second["id"], first["id"]])
    status, own = await counsel.ask(counsel.tokens["amina"], "POST", "/students/me/notes", json={"text": "Mine."})
    assert (status, own["errors"][0]["code"]) == (403, "identity.not_for_oneself")


async def test_a_note_takes_the_place_of_one_about_the_same_student_alone(counsel: Counsel) -> None:
    _, other = await counsel.ask(
        counsel.counsellor, "POST", f"/students/{counsel.ids['babul']}/notes", json={"text": "Another matter."}
    )

    for corrects in (other["id"], str(uuid4())):
        status, _ = await counsel.ask(
            counsel.counsellor,
            "POST",
            f"/students/{counsel.ids['amina']}/notes",
            json={"text": "No.", "corrects": corrects},
        )
        assert status == 404


async def test_who_was_not_let_in_writes_nothing_and_learns_nothing(counsel: Counsel) -> None:
    for path, content in (("notes", {"text": "x"}), ("tasks", {"title": "x"})):
        unknown = await counsel.ask(counsel.counsellor, "POST", f"/students/{uuid4()}/{path}", json=content)
        hers = await counsel.ask(counsel.counsellor, "POST", f"/students/{counsel.ids['chitra']}/{path}", json=content)
        assert (hers[0], hers[1]["code"]) == (unknown[0], unknown[1]["code"]) == (404, "not_found")


async def test_a_task_is_given_seen_and_done(counsel: Counsel) -> None:
    of = f"/students/{counsel.ids['amina']}/tasks"
    amina = counsel.tokens["amina"]

    status, task = await counsel.ask(counsel.counsellor, "POST", of, json={**WITHIN_A_WEEK, "details": "The second."})

    assert (status, task["state"], task["due_on"]) == (201, "open", "2027-01-11")
    assert (await counsel.ask(amina, "GET", "/tasks"))[1]["items"] == [task]
    status, done = await counsel.ask(amina, "POST", f"/tasks/{task['id']}/completion")
    assert (status, done["state"], done["closed_by"]) == (200, "done", task["assigned_to"])
    assert (await counsel.ask(amina, "GET", "/tasks"))[1]["items"] == []
    assert [one["state"] for one in (await counsel.ask(counsel.counsellor, "GET", of))[1]["items"]] == ["done"]
    status, closed = await counsel.ask(amina, "POST", f"/tasks/{task['id']}/completion")
    assert (status, closed["errors"][0]["code"]) == (422, "task.closed")


async def test_a_task_can_be_ones_own_and_nobodys_who_was_not_let_in(counsel: Counsel) -> None:
    of, me = f"/students/{counsel.ids['amina']}/tasks", (await counsel.ask(counsel.counsellor, "GET", "/me"))[1]["id"]
    stranger = (await counsel.ask(counsel.tokens["chitra"], "GET", "/me"))[1]["id"]

    status, mine = await counsel.ask(counsel.counsellor, "POST", of, json={"title": "Call her", "assigned_to": me})
    refused = await counsel.ask(counsel.counsellor, "POST", of, json={"title": "Call her", "assigned_to": stranger})

    assert (status, mine["assigned_to"]) == (201, me)
    assert (refused[0], refused[1]["errors"][0]["code"]) == (422, "task.not_one_of_hers")
    assert [one["id"] for one in (await counsel.ask(counsel.counsellor, "GET", "/tasks"))[1]["items"]] == [mine["id"]]
    status, hers = await counsel.ask(counsel.tokens["amina"], "GET", "/students/me/tasks")
    assert [one["id"] for one in hers["items"]] == [mine["id"]]
    status, gone = await counsel.ask(counsel.counsellor, "POST", f"/tasks/{mine['id']}/withdrawal")
    assert (status, gone["state"]) == (200, "withdrawn")


async def test_a_day_that_has_passed_where_she_lives_is_refused(counsel: Counsel) -> None:
    yesterday = (counsel.server.clock.now() - timedelta(days=1)).date().isoformat()

    status, answer = await counsel.ask(
        counsel.counsellor,
        "POST",
        f"/students/{counsel.ids['amina']}/tasks",
        json={"title": "Too late", "due_on": yesterday},
    )

    assert (status, answer["errors"][0]["code"], answer["errors"][0]["field"]) == (
        422,
        "task.due_before_today",
        "due_on",
    )


async def test_tasks_for_many_are_shown_first_and_given_exactly_as_they_were_shown(counsel: Counsel) -> None:
    ids = [counsel.ids[name] for name in ("amina", "babul", "chitra")]
    asked = {"students": ids, "task": WITHIN_A_WEEK}

    status, shown = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=asked)

    assert (status, shown["done"]) == (200, False)
    assert [(one["task_id"], one["refused"]) for one in shown["items"]] == [
        (None, None),
        (None, None),
        (None, "student.unknown"),
    ]
    assert (await counsel.ask(counsel.tokens["amina"], "GET", "/tasks"))[1]["items"] == []

    seen = {**asked, "seen": shown["digest"]}
    status, done = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=seen)
    assert (status, done["done"], [bool(one["task_id"]) for one in done["items"]]) == (200, True, [True, True, False])
    for name in ("amina", "babul"):
        [task] = (await counsel.ask(counsel.tokens[name], "GET", "/tasks"))[1]["items"]
        assert task["title"] == WITHIN_A_WEEK["title"]

    status, again = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=seen)
    assert (status, again["errors"][0]["code"]) == (409, "bulk.changed")
    _, shown = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=asked)
    assert [one["refused"] for one in shown["items"]] == ["task.given_already"] * 2 + ["student.unknown"]


async def test_what_was_shown_once_is_not_given_again_when_it_has_been_done(counsel: Counsel) -> None:
    asked = {"students": [counsel.ids["amina"]], "task": WITHIN_A_WEEK}
    _, shown = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=asked)
    seen = {**asked, "seen": shown["digest"]}
    _, given = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=seen)
    await counsel.ask(counsel.tokens["amina"], "POST", f"/tasks/{given['items'][0]['task_id']}/completion")

    status, again = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=seen)

    assert (status, again["errors"][0]["code"]) == (409, "bulk.changed")
    _, anew = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=asked)
    assert (anew["items"][0]["refused"], anew["digest"] != shown["digest"]) == (None, True)


async def test_what_was_shown_counts_for_that_very_task_and_as_long_as_nothing_has_changed(counsel: Counsel) -> None:
    asked = {"students": [counsel.ids["amina"], counsel.ids["babul"]], "task": WITHIN_A_WEEK}
    _, shown = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=asked)

    other = {**asked, "task": {**WITHIN_A_WEEK, "title": "Another"}, "seen": shown["digest"]}
    assert (await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json=other))[0] == 409
    grants = (await counsel.ask(counsel.tokens["babul"], "GET", "/students/me/grants"))[1]["items"]
    async with counsel.server.client(counsel.tokens["babul"]) as client:
        await client.delete(f"/v1/grants/{grants[0]['id']}")
    status, _ = await counsel.ask(counsel.counsellor, "POST", "/bulk-tasks", json={**asked, "seen": shown["digest"]})
    assert status == 409
    assert (await counsel.ask(counsel.tokens["amina"], "GET", "/tasks"))[1]["items"] == []


@pytest.mark.parametrize(
    ("students", "code"), [([], "students"), (["twice", "twice"], "bulk.students"), (["x"] * 301, "students")]
)
async def test_too_few_too_many_and_doubles_are_refused(counsel: Counsel, students: list[str], code: str) -> None:
    same = str(uuid4())
    given = [same if one == "twice" else str(uuid4()) for one in students]

    status, answer = await counsel.ask(
        counsel.counsellor, "POST", "/bulk-tasks", json={"students": given, "task": {"title": "x"}}
    )

    assert status in (400, 422)
    assert code in str(answer)


async def test_a_student_has_no_workload_and_gives_nothing_to_many(counsel: Counsel) -> None:
    amina = counsel.tokens["amina"]

    assert (await counsel.ask(amina, "GET", "/workload"))[0] == 403
    content = {"students": [counsel.ids["amina"]], "task": {"title": "x"}}
    assert (await counsel.ask(amina, "POST", "/bulk-tasks", json=content))[0] == 403


async def test_a_workload_counts_what_is_open_and_how_long_answers_took(counsel: Counsel) -> None:
    server, amina = counsel.server, counsel.tokens["amina"]
    await let(server, amina, counsel.counsellor, "read_papers", "read_plan")
    me = (await counsel.ask(counsel.counsellor, "GET", "/me"))[1]["id"]
    of = f"/students/{counsel.ids['amina']}/tasks"
    given, tomorrow = {}, (server.clock.now() + timedelta(days=1)).date().isoformat()
    for title, due_on in (("Late", tomorrow), ("Open", None), ("Done", None)):
        task = {"title": title, "due_on": due_on, "assigned_to": me}
        _, given = await counsel.ask(counsel.counsellor, "POST", of, json=task)
    async with server.client(amina) as client:
        papers = [
            (await client.post("/v1/students/me/documents", json={"kind": kind})).json()["id"]
            for kind in ("passport", "bank_statement")
        ]
        for paper in papers:
            await client.post(f"/v1/documents/{paper}/versions", content=PDF, params={"file_name": "a.pdf"})
    server.clock.move(timedelta(hours=30))
    counsellor = await signed_in_again(server)
    await counsel.ask(counsellor, "POST", f"/tasks/{given['id']}/completion")
    status, _ = await counsel.ask(
        counsellor,
        "PUT",
        f"/documents/{papers[0]}/versions/1/verification",
        json={"check": "verify"},
        headers={"If-Match": '"2"'},
    )
    assert status == 200
    server.clock.move(timedelta(days=3))

    status, found = await counsel.ask(await signed_in_again(server), "GET", "/workload")

    hours = 30 * 3600.0
    assert (status, found) == (
        200,
        {
            "students": 2,
            "tasks_open": 2,
            "tasks_late": 1,
            "papers_waiting": 1,
            "tasks_done": {"number": 1, "half": hours, "nine_tenths": hours},
            "papers_checked": {"number": 1, "half": hours, "nine_tenths": hours},
        },
    )
