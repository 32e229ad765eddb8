"""Start the server, wait until nobody uses it any more, and stop it: a process of its own, run as a script.

Every user of the server holds a shared lock on one file, which the system releases when that process ends, even by
SIGKILL. The keeper asks for the same lock alone: it gets it when the last user is gone.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any


def main() -> None:
    """Read what to start from the only argument, leave the caller's process tree, and keep the server."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    if os.fork() != 0:
        os._exit(0)
    server = subprocess.Popen(
        order["command"],
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=order["environment"],
        pass_fds=order["fds"],
        **order["run_as"],
    )
    for fd in order["fds"]:  # from now on the server alone holds the lock that says it runs
        os.close(fd)
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGINT))
    threading.Thread(target=stop_when_unused, args=(order["users"], server), daemon=True).start()
    os._exit(server.wait())


def stop_when_unused(users: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait for the last user to go, then ask for a fast shutdown."""
    fd = os.open(users, os.O_RDWR | os.O_CLOEXEC)
    fcntl.flock(fd, fcntl.LOCK_EX)
    server.send_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
