"""One click that ends mails about a topic (RFC 8058), for whoever has one of them."""

from __future__ import annotations

import html
from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.params import PathParameter

from ..given import V1, AnyRequest, Use, refusals
from ..words import sentence

_Secret = Annotated[str, PathParameter(description="As in the mail.", max_length=100)]
_Topic = Annotated[str, PathParameter(description="As in the mail.", max_length=40)]
# The page's one form leads back to its own address.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"></head>'
    '<body><main><h1>{title}</h1><p>{text}</p><form method="post"><button>{button}</button></form></main></body></html>'
)


@get(
    "/unsubscriptions/{secret:str}/{topic:str}",
    operation_id="show_unsubscription",
    summary="Ask whether mails are to end",
    media_type="text/html",
    responses=refusals(422),
)
async def show_unsubscription(secret: _Secret, topic: _Topic) -> Response[str]:
    """Show a page with one button. Looking changes nothing, for programs look into mails too."""
    title, text, button = (sentence(f"page.unsubscribe_{part}") for part in ("title", "text", "button"))
    body = _PAGE.format(
        language=html.escape(sentence("page.language")), title=html.escape(title), text=html.escape(text),
        button=html.escape(button),
    )  # fmt: skip
    return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _POLICY})


@post(
    "/unsubscriptions/{secret:str}/{topic:str}",
    status_code=200,
    operation_id="unsubscribe",
    summary="End mails about a topic",
    media_type="text/plain",
    opt={"raw_body": True},
    responses=refusals(404, 422),
)
async def unsubscribe(request: AnyRequest, secret: _Secret, topic: _Topic, use: Use) -> Response[str]:
    """Let no further mail about the topic go out. Nobody signs in for it; what is needed goes on, in the inbox all."""
    await use.unsubscribe()(secret, topic)
    return Response(sentence("page.unsubscribe_done"), media_type="text/plain; charset=utf-8")


router: Any = Router(V1, route_handlers=[show_unsubscription, unsubscribe], tags=["Messages"])
