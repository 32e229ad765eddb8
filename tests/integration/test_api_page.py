"""The story of docs/api.md runs as it is told, from registering to the receipt."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from records import PDF
from serving import Serving, start
from waiting import until

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    home = tmp_path / "home"
    home.mkdir()
    serving = start(home)
    yield serving
    serving.stop()


async def test_the_commands_of_the_page_lead_to_a_receipt(server: Serving, tmp_path: Path) -> None:
    story, scores, _as_administrator = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    told = story + scores
    script = "set -eu\n" + told.replace("http://127.0.0.1:8000", server.address).replace("curl -s", "curl -sf")
    (tmp_path / "passport.pdf").write_bytes(PDF)

    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stderr) == (0, "")
    assert '"usable":true' in done.stdout
    assert '"can_submit":true' in done.stdout
    assert '"value":"1.75"' in done.stdout
    assert '"until":"2027-09-13"' in done.stdout
    assert re.search(r'"number":"HS-[0-9]{8}-', done.stdout)
    await until(lambda: any((server.home / "outbox").glob("receipt-*.eml")), what="the mail with the receipt")
