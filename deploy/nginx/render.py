"""Write nginx.conf from the template and GATEWAY_... settings: ``python deploy/nginx/render.py > nginx.conf``.

Every setting has one pattern that it must fit in full, so that no value can end a directive and begin another. A
setting that is not known, and one that is missing, is refused; nothing is guessed but the version of nginx, which is
asked for where GATEWAY_NGINX does not tell it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TEMPLATE = Path(__file__).with_name("nginx.conf.template")
PREFIX = "GATEWAY_"

_PATH = r"/[A-Za-z0-9._/-]+"
_COUNT = r"[1-9][0-9]{0,5}"
_SIZE = r"[1-9][0-9]{0,11}[km]?"
_LISTEN = r"(([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-f:]+\]):)?[1-9][0-9]{0,4}"


@dataclass(frozen=True)
class Setting:
    """What a setting may be, and what it is where nobody says; without a default it has to be said."""

    pattern: str
    default: str | None = None


SETTINGS: Mapping[str, Setting] = {
    "NAME": Setting(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
    "CERTIFICATE": Setting(_PATH),
    "CERTIFICATE_KEY": Setting(_PATH),
    "UPSTREAMS": Setting(r"[A-Za-z0-9.-]+:[1-9][0-9]{0,4}( +[A-Za-z0-9.-]+:[1-9][0-9]{0,4})*"),
    "RUN": Setting(_PATH, "/run/higherstudy-gateway"),
    "WEB": Setting(_PATH, "/srv/higherstudy/web"),
    "ACCESS_LOG": Setting(_PATH, "/dev/stdout"),
    "ERROR_LOG": Setting(r"stderr|" + _PATH, "stderr"),
    "HTTP_LISTEN": Setting(_LISTEN, "8080"),
    "HTTPS_LISTEN": Setting(_LISTEN, "8443"),
    "HTTPS_PORT": Setting(_COUNT, "443"),
    "TRUSTED_PROXIES": Setting(r"[0-9a-f.:/ ]*", ""),
    "HSTS_SECONDS": Setting(r"[0-9]{1,8}", "31536000"),
    "REQUESTS_A_SECOND": Setting(_COUNT, "20"),
    "BURST": Setting(_COUNT, "100"),
    "SIGN_INS_A_SECOND": Setting(_COUNT, "2"),
    "SIGN_IN_BURST": Setting(_COUNT, "20"),
    "CONNECTIONS": Setting(_COUNT, "100"),
    "HEADER_SECONDS": Setting(_COUNT, "10"),
    "BODY_SECONDS": Setting(_COUNT, "20"),
    "DRAIN_SECONDS": Setting(_COUNT, "60"),
    "LARGEST_UPLOAD": Setting(_SIZE, "20m"),
    "LARGEST_CATALOGUE": Setting(_SIZE, "100m"),
    "NGINX": Setting(r"[0-9]+\.[0-9]+\.[0-9]+", ""),
}
"""The settings by their names without the prefix. UPSTREAMS and TRUSTED_PROXIES are lists with spaces between."""

_HTTP2_ON_SINCE = (1, 25, 1)


class WrongSetting(ValueError):
    """A setting that cannot be used; the message names it and never holds its value."""


def rendered(given: Mapping[str, str], template: str) -> str:
    """Return the configuration for the settings in ``given``; others than GATEWAY_... are not looked at.

    Raises WrongSetting for one that is not known, missing or of another form.
    """
    values = _checked({name[len(PREFIX) :]: value for name, value in given.items() if name.startswith(PREFIX)})
    own = tuple(int(part) for part in (values["NGINX"] or _version_here()).split("."))
    directive = own >= _HTTP2_ON_SINCE
    port = values["HTTPS_PORT"]
    values |= {
        "UPSTREAMS": "\n".join(
            f"        server {one} max_fails=1 fail_timeout=2s;" for one in values["UPSTREAMS"].split()
        ),
        "TRUSTED": "\n".join(f"    set_real_ip_from {one};" for one in _networks(values["TRUSTED_PROXIES"])),
        "HTTPS_PORT_SHOWN": "" if port == "443" else f":{port}",
        "LISTEN_HTTP2": "" if directive else " http2",
        "HTTP2_ON": "        http2 on;" if directive else "",
    }
    return re.sub(r"\{\{([A-Z0-9_]+)\}\}", lambda found: values[found[1]], template)


def _checked(told: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(told.keys() - SETTINGS.keys())
    if unknown:
        raise WrongSetting(f"{PREFIX}{unknown[0]} is no setting of the gateway")
    values: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        value = told.get(name, setting.default)
        if value is None:
            raise WrongSetting(f"{PREFIX}{name} is missing")
        if value != setting.default and not re.fullmatch(setting.pattern, value):
            raise WrongSetting(f"{PREFIX}{name} is not of the form {setting.pattern}")
        values[name] = value
    return values


def _networks(told: str) -> list[str]:
    try:
        networks = [ipaddress.ip_network(one) for one in told.split()]
    except ValueError:
        raise WrongSetting(f"{PREFIX}TRUSTED_PROXIES holds what is no network") from None
    if any(network.prefixlen == 0 for network in networks):
        raise WrongSetting(f"{PREFIX}TRUSTED_PROXIES trusts everybody")
    return [str(network) for network in networks]


def _version_here() -> str:
    try:
        told = subprocess.run(  # noqa: S603 - a program of the machine and a fixed word
            [shutil.which("nginx") or "/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=True, timeout=10
        ).stderr
    except (OSError, subprocess.SubprocessError):
        raise WrongSetting(f"{PREFIX}NGINX is missing, and there is no nginx here to ask for its version") from None
    found = re.search(r"nginx/(\d+\.\d+\.\d+)", told)
    if found is None:
        raise WrongSetting(f"{PREFIX}NGINX is missing, and the nginx here does not tell its version")
    return found[1]


def main() -> int:
    """Print the configuration, or say on the error output which setting is wrong."""
    try:
        sys.stdout.write(rendered(os.environ, TEMPLATE.read_text(encoding="utf-8")))
    except WrongSetting as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
