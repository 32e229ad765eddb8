"""The description of this interface: OpenAPI for programs, and a page for people that needs nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme, Tag
from litestar.response import Redirect

from .describing import described
from .errors import STATUS

CONFIG = OpenAPIConfig(
    title="higherstudy",
    version="1",
    summary="Verdicts that explain themselves, dated plans, and applications with a receipt.",
    description="Sentences come in English or in Bangla, by Accept-Language; Content-Language says in which.",
    license=License(name="Apache License 2.0", identifier="Apache-2.0"),
    components=Components(
        security_schemes={
            "bearer": SecurityScheme(
                type="http", scheme="bearer", bearer_format="JWT", description="From POST /v1/sessions."
            ),
            "key": SecurityScheme(
                type="http",
                scheme="bearer",
                bearer_format="hs_...",
                description="An API key, from POST /v1/me/keys; an operation that names a scope takes keys with it.",
            ),
            "cookie": SecurityScheme(
                type="apiKey",
                name="__Host-access",
                security_scheme_in="cookie",
                description="From POST /v1/sessions with X-Session: cookie; changes need X-CSRF-Token besides.",
            ),
        }
    ),
    security=[{"bearer": []}, {"cookie": []}],
    tags=[
        Tag("Accounts", "Register, and see who you are."),
        Tag("Sessions", "Sign in and out, here and elsewhere."),
        Tag("Keys", "Let programs ask in your name, or as themselves, for no more than you say."),
        Tag("Counselling", "Whom of your students to see to first."),
        Tag("Grants", "Let others help with your record, see what they did, and end it."),
        Tag("Second factors", "Apps that make codes, passkeys, and codes for when they are lost."),
        Tag("Providers", "Sign in with an account that you have elsewhere."),
        Tag("Messages", "What you were told, what became of it, and how you want to be told."),
        Tag("Profile", "What a student says about herself."),
        Tag("Catalogue", "Institutions and programmes, with the page behind each figure."),
        Tag("Imports", "Bring catalogues, students and applications in."),
        Tag("Record offers", "What others have prepared for you: take it or refuse it."),
        Tag("Verdicts", "How a student stands, explained requirement by requirement."),
        Tag("Matching", "How a student stands before the whole catalogue, and what would open more of it."),
        Tag("Plans", "Dated steps that are worked out anew with every report."),
        Tag("Money", "Whether money is enough, by dated rules of the country."),
        Tag("Documents", "Papers, judged on the day of their use."),
        Tag("Applications", "From a draft to a receipt, and what came back."),
        Tag("Rulebook", "Dated, sourced rules that everything is judged by."),
        Tag("Rule changes", "Other rules: what they would change for every student, and how they come into force."),
        Tag("Reports", "Where a student stands, and lists for staff, as files made in the background."),
        Tag("Payments", "What services cost, orders and how they are paid, refunds, and the books over all of it."),
        Tag("Rights", "Have everything about you, have it erased, and say what it may be used for."),
        Tag("Audit", "Who did and saw what, sealed so that nothing of it can be changed unseen; for auditors."),
        Tag("Jobs", "Work in the background: how far it is, and what was set aside."),
        Tag("Health", "For those who run the server."),
    ],
    use_handler_docstrings=True,
    openapi_router=None,
)
_METHODS = ("get", "post", "put", "patch", "delete")


@get("/v1/openapi.json", operation_id="openapi", include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the OpenAPI document."""
    return Response(_document(request.app), media_type="application/json", headers={"cache-control": "max-age=300"})


@get("/docs", operation_id="documentation", include_in_schema=False, sync_to_thread=False)
def documentation(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the page for people."""
    page = _page(request.app)
    return Response(page, media_type="text/html", headers={"content-security-policy": _policy()})


@get("/", operation_id="home", status_code=302, include_in_schema=False, sync_to_thread=False)
def home() -> Redirect:
    """Lead whoever opens the server's address to the page for people."""
    return Redirect("/docs")


def _document(app: Litestar) -> bytes:
    """The OpenAPI document, written once for each application."""
    if "openapi" not in app.state:
        app.state["openapi"] = json.dumps(described(app), ensure_ascii=False).encode()
    document: bytes = app.state["openapi"]
    return document


def _page(app: Litestar) -> str:
    schema: dict[str, Any] = json.loads(_document(app))
    parts = "".join(_tag(tag, schema) for tag in schema["tags"])
    shapes = "".join(_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items()))
    links = " ".join(f'<a href="#{html.escape(tag["name"])}">{html.escape(tag["name"])}</a>' for tag in schema["tags"])
    frame = _file("documentation.html")
    filled = {
        "style": _file("documentation.css"),
        "links": links,
        "address": html.escape(app.state["address"]),
        "routes": parts,
        "shapes": shapes,
        "problems": _problems(),
    }
    for name, content in filled.items():
        frame = frame.replace(f"<!-- {name} -->", content)
    return frame


def _tag(tag: Mapping[str, str], schema: Mapping[str, Any]) -> str:
    own = (
        _route(method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS and tag["name"] in operation.get("tags", ())
    )
    name = html.escape(tag["name"])
    return f'<section id="{name}"><h2>{name}</h2><p>{html.escape(tag["description"])}</p>{"".join(own)}</section>'


def _route(method: str, path: str, operation: Mapping[str, Any]) -> str:
    about = html.escape(operation.get("description", ""))
    rows = "".join(_parameter(one) for one in operation.get("parameters", ()))
    table = f"<table><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr>{rows}</table>" if rows else ""
    answers = "".join(
        f"<li><b>{status}</b> {html.escape(answer.get('description', ''))}{_named(answer)}</li>"
        for status, answer in sorted(operation["responses"].items())
    )
    body = _named(operation.get("requestBody", {}))
    needs = "" if operation.get("security") == [] else " <small>needs a sign-in</small>"
    return (
        f'<details id="{html.escape(operation["operationId"])}">'
        f'<summary><code class="{method}">{method.upper()}</code> '
        f"<code>{html.escape(path)}</code> {html.escape(operation.get('summary', ''))}{needs}</summary>"
        f"<p>{about}</p>{table}{f'<p>Body:{body}</p>' if body else ''}<ul>{answers}</ul></details>"
    )


def _parameter(one: Mapping[str, Any]) -> str:
    needed = " (needed)" if one.get("required") else ""
    meaning = html.escape(one.get("description", "") or _kind(one.get("schema", {})))
    return f"<tr><td><code>{html.escape(one['name'])}</code>{needed}</td><td>{one['in']}</td><td>{meaning}</td></tr>"


def _named(part: Mapping[str, Any]) -> str:
    """The shapes of a body, as links."""
    names = dict.fromkeys(name for content in part.get("content", {}).values() for name in _names_in(content))
    return "".join(f' <a href="#shape-{name}"><code>{name}</code></a>' for name in names)


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for value in schema.values():
            yield from _names_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _names_in(value)


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{html.escape(field)}</code></td><td>{html.escape(_kind(kind))}</td>"
        f"<td>{html.escape(str(kind.get('description', '')))}</td></tr>"
        for field, kind in shape.get("properties", {}).items()
    )
    about = html.escape(shape.get("description", "") or ", ".join(map(str, shape.get("enum", ()))))
    heading = f'<details id="shape-{name}"><summary><code>{name}</code></summary>'
    return f"{heading}<p>{about}</p><table>{rows}</table></details>"


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    options = schema.get("oneOf") or schema.get("anyOf")
    if options:
        return " or ".join(dict.fromkeys(_kind(one) for one in options))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _problems() -> str:
    rows = sorted(
        {(status, kind.code, (kind.__doc__ or "").strip().splitlines()[0]) for kind, status in STATUS.items()}
    )
    cells = "".join(
        f'<tr id="problem-{code}"><td>{status}</td><td><code>{code}</code></td><td>{html.escape(said)}</td></tr>'
        for status, code, said in rows
    )
    return f"<table><tr><th>Status</th><th>code</th><th>Meaning</th></tr>{cells}</table>"


@cache
def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy() -> str:
    """Only our own style may be used, by its hash; nothing is loaded and nothing runs."""
    digest = base64.b64encode(hashlib.sha256(_file("documentation.css").encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def pages() -> list[Any]:
    """Return the routes of this module."""
    return [home, openapi, documentation]
