"""Where files are read and handed over by signed addresses, where the server keeps them itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation
from litestar.response import Stream

from ....domain.documents.use_cases.papers import OpenedPaper
from ....domain.shared.errors import NotFound
from ....ports.clock import Clock
from ....ports.files import Files
from ..given import V1, AnyRequest, Links, Tickets, Use, refusals
from ..uploads import pieces_of


@get(
    "/files/{token:path}",
    operation_id="open_file",
    summary="Read a file behind a signed link",
    responses=refusals(404),
)
async def open_file(
    token: Annotated[Path, PathParameter(description="As in the link.")],
    use: Use,
    links: NamedDependency[SkipValidation[Links]],
    clock: NamedDependency[SkipValidation[Clock]],
    files: NamedDependency[SkipValidation[Files]],
) -> Stream:
    """Send the file while the link lasts, under the name that the paper has."""
    signed = str(token).strip("/")
    try:
        paper = await use.open_paper()(signed)
    except NotFound:  # a file that is not sealed has a link of the store's own
        opened = links.open_link(signed, clock.now())
        paper = OpenedPaper(files.read(opened.sha256), opened.file_name, opened.content_type)
    headers = {
        "content-disposition": attached_as(paper.file_name),
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
    }
    content = paper.content
    first = await anext(content, b"")  # a file that is gone is found out before the answer begins
    return Stream(_from(first, content), media_type=paper.content_type, headers=headers)


def attached_as(file_name: str) -> str:
    """Return the header under which a browser saves the file by its name, in any script (RFC 6266, RFC 8187)."""
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\%;/' else "_" for sign in file_name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


async def _from(first: bytes, rest: Any) -> Any:
    yield first
    async for piece in rest:
        yield piece


@put(
    "/files/{token:path}",
    operation_id="put_file",
    summary="Hand over the bytes of an upload",
    description="The address of a ticket, where the server keeps files itself. It takes exactly the announced bytes.",
    opt={"raw_body": True},
    status_code=200,
    responses=refusals(404, 413, 422),
)
async def put_file(
    request: AnyRequest,
    token: Annotated[Path, PathParameter(description="As in the ticket.")],
    tickets: NamedDependency[SkipValidation[Tickets]],
    clock: NamedDependency[SkipValidation[Clock]],
) -> None:
    """Take the bytes while the ticket lasts; other bytes than were announced are refused whole."""
    opened = tickets.open_ticket(str(token).strip("/"), clock.now())
    content_type = request.headers.get("content-type", "")
    await tickets.take(opened, content_type, pieces_of(request, at_most=opened.announced.size))


router: Any = Router(V1, route_handlers=[open_file, put_file], tags=["Documents"])
