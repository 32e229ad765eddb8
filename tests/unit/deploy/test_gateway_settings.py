"""The configuration of the gateway comes from settings that cannot say anything but what they are for."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "deploy" / "nginx"
TEMPLATE = (FOLDER / "nginx.conf.template").read_text(encoding="utf-8")
LEAST = {
    "GATEWAY_NAME": "study.example",
    "GATEWAY_CERTIFICATE": "/run/secrets/certificate.pem",
    "GATEWAY_CERTIFICATE_KEY": "/run/secrets/key.pem",
    "GATEWAY_UPSTREAMS": "api-1:8000 api-2:8000",
    "GATEWAY_NGINX": "1.22.1",
}

_spec = importlib.util.spec_from_file_location("gateway_render", FOLDER / "render.py")
assert _spec is not None
assert _spec.loader is not None
render = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = render
_spec.loader.exec_module(render)


def rendered(**more: str) -> str:
    told = LEAST | {f"GATEWAY_{name}": value for name, value in more.items()}
    return str(render.rendered(told, TEMPLATE))


def test_everything_is_filled_in_and_each_server_behind_it_is_named() -> None:
    told = rendered(TRUSTED_PROXIES="10.0.0.0/8 fd00::/8")

    assert "{{" not in told
    assert [line.split()[1] for line in told.splitlines() if "max_fails" in line] == ["api-1:8000", "api-2:8000"]
    assert "set_real_ip_from 10.0.0.0/8;" in told
    assert "set_real_ip_from fd00::/8;" in told


@pytest.mark.parametrize(("version", "on"), [("1.22.1", False), ("1.25.0", False), ("1.25.1", True), ("1.31.3", True)])
def test_each_version_is_told_of_http_2_as_it_wants_to_be(version: str, on: bool) -> None:
    told = rendered(NGINX=version)

    assert ("http2 on;" in told) is on
    assert (" ssl http2" in told) is not on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NAME", "study.example; return 200"),
        ("NAME", "study.example\n"),
        ("CERTIFICATE_KEY", "/k.pem; include /etc/passwd"),
        ("UPSTREAMS", "api:8000; }"),
        ("UPSTREAMS", ""),
        ("BURST", "0"),
        ("LARGEST_UPLOAD", "20g"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("HTTP_LISTEN", "80 default_server"),
        ("COLOUR", "blue"),
    ],
)
def test_what_could_say_something_else_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(render.WrongSetting, match=f"GATEWAY_{name}") as refused:
        rendered(**{name: value})
    assert len(value) < 2 or value not in str(refused.value)


@pytest.mark.parametrize("name", sorted(LEAST.keys() - {"GATEWAY_NGINX"}))
def test_what_nobody_can_guess_has_to_be_said(name: str) -> None:
    with pytest.raises(render.WrongSetting, match=name):
        render.rendered({key: value for key, value in LEAST.items() if key != name}, TEMPLATE)


def test_the_template_asks_for_settings_alone() -> None:
    asked = set(re.findall(r"\{\{([A-Z0-9_]+)\}\}", TEMPLATE))
    made = {"TRUSTED", "HTTPS_PORT_SHOWN", "LISTEN_HTTP2", "HTTP2_ON"}
    assert asked - made == render.SETTINGS.keys() - {"NGINX", "HTTPS_PORT", "TRUSTED_PROXIES"}
