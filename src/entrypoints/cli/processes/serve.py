"""The command ``serve``: the whole server in this process, until it is told to stop."""

from __future__ import annotations


def serve(*, host: str | None = None, port: int | None = None) -> int:
    """Start the server on this machine, and print where to look and how to sign in. Ctrl-C stops it.

    Parameters
    ----------
    host
        The address to listen on, in place of HOST.
    port
        The port to listen on, in place of PORT; 0 takes a free one.
    """
    from ...starting import loading_a_process  # noqa: PLC0415

    with loading_a_process():
        from .serving import serve_until_stopped  # noqa: PLC0415 - its weight is for those who run it

    return serve_until_stopped(host, port)
