"""A WebDAV server of its own process: WsgiDAV on Cheroot, on a free port. Prints the port once it answers."""

import logging
import sys

from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp


def main(folder: str, user: str, password: str) -> None:
    """Serve the folder as the collection /papers until the process is ended."""
    logging.getLogger("wsgidav").setLevel(logging.CRITICAL)  # an upload that breaks off is told at length
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/papers": folder},
            "simple_dc": {"user_mapping": {"*": {user: {"password": password}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
            "verbose": 0,
        }
    )
    server = wsgi.Server(("127.0.0.1", 0), app, numthreads=8, timeout=10)
    server.error_log = lambda *_, **__: None
    server.prepare()
    print(server.bind_addr[1], flush=True)
    server.serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
