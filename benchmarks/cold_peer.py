"""A bare Litestar that has imported SQLAlchemy: what anybody's application costs before it does anything."""

import socket
import sys

import sqlalchemy.ext.asyncio  # noqa: F401 - imported to be paid for
import uvicorn
from litestar import Litestar, get


@get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    config = uvicorn.Config(Litestar([live]), log_config=None, access_log=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])
