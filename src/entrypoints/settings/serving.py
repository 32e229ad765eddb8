"""Where the server listens, whom it lets ask, and how it stops."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from .declaring import ORIGINS, Port, Seconds, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Serving:
    """Where the server listens, whom it lets ask, and how it stops."""

    home: Annotated[str, setting("HIGHERSTUDY_HOME", "The one folder under which everything is kept.")] = ".higherstudy"
    host: Annotated[str, setting("HOST", "The address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, setting("PORT", "The port to listen on; 0 takes a free one.")] = 8000
    public_url: Annotated[
        str | None, setting("PUBLIC_URL", "Where clients reach the server, for links; unset: the host and port.")
    ] = None
    health_port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        setting(
            "HEALTH_PORT",
            "A second port, on HOST, with /health/live, /health/ready and /metrics; 0 takes a free one; unset: none.",
        ),
    ] = None
    jobs_at_once: Annotated[
        Annotated[int, Meta(ge=0, le=1000)],
        setting("JOBS_AT_ONCE", "How many jobs run at the same time; 0 runs none in this process."),
    ] = 4
    stop_seconds: Annotated[
        Seconds,
        setting("STOP_SECONDS", "How many seconds requests and jobs have to finish once the process is to stop."),
    ] = 10.0
    trusted_proxies: Annotated[
        str,
        setting(
            "TRUSTED_PROXIES",
            "The networks of your own proxies, such as 10.0.0.0/8 fd00::/8, between spaces: they are believed when "
            "they say whom they speak for; unset: nobody is.",
        ),
    ] = ""
    proxy_header: Annotated[
        Literal["x-forwarded-for", "forwarded"],
        setting("PROXY_HEADER", "The one header in which those proxies say it; the other one is not read."),
    ] = "x-forwarded-for"
    allowed_hosts: Annotated[
        str,
        setting(
            "ALLOWED_HOSTS",
            "The names under which the server may be asked (header Host, without its port), with spaces between; "
            "unset: any. Checks of health are answered under any name.",
        ),
    ] = ""
    allowed_origins: Annotated[
        Annotated[str, Meta(pattern=ORIGINS)],
        setting(
            "ALLOWED_ORIGINS", "Web origins whose pages may call, such as https://study.example; a list with spaces."
        ),
    ] = ""
    hsts_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=63_072_000)],
        setting(
            "HSTS_SECONDS",
            "For how many seconds browsers keep to TLS, told where PUBLIC_URL begins with https; 0 does not tell them.",
        ),
    ] = 31_536_000
    adapters: Annotated[
        str | None,
        setting(
            "ADAPTERS",
            "A function as package.module:name that gives adapters of your own in the place of ours, as "
            "docs/writing-an-adapter.md describes; unset: none.",
        ),
    ] = None

    @property
    def home_folder(self) -> Path:
        """The home as an absolute path."""
        return Path(self.home).expanduser().absolute()

    @property
    def address(self) -> str:
        """Where clients reach the server, as far as that is known here, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        if self.host in ("0.0.0.0", "::"):  # noqa: S104 - all of this machine's addresses are no place to go to
            return f"http://localhost:{self.port}"
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"
