"""The name that somebody gives a file is a label: no path, no header, no command, wherever it goes."""

import re
from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest
from records import PDF, Server, Shared

from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.s3.files import disposition
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.documents.policies import clean_file_name
from higherstudy.entrypoints.http.routes.files import attached_as
from higherstudy.ports.mailbox import Attachment, Mail

NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\config",
    "/etc/passwd",
    "C:\\boot.ini",
    "\\\\host\\share\\a.pdf",
    "....//....//etc/passwd",
    "%2e%2e%2fetc%2fpasswd",
    "..%c0%af..%c0%afetc",
    ".",
    "..",
    "...",
    "~/.ssh/id_ed25519",
    ".htaccess",
    "a\x00.pdf",
    "a.pdf\x00.exe",
    "a\r\nSet-Cookie: x=1",
    "a\nContent-Type: text/html\n\n<script>",
    'a"; filename="b.exe',
    "a'; filename*=UTF-8''b.exe",
    "a;b",
    'a\\"b',
    "CON",
    "NUL.pdf",
    "aux",
    "a" * 400,
    "\u202egnp.exe",
    "=cmd|' /C calc'!A0.pdf",
    "$(id).pdf",
    "`id`.pdf",
    "| id",
    "-rf",
    "--help",
    "<img src=x onerror=alert(1)>.pdf",
    "{{7*7}}",
    "%s%n",
    "সনদ ২০২৪.pdf",
    " ",
    "\u200b",
]
_PLAIN = re.compile(r'[^\x00-\x1f\x7f"\\/]*')
_DISPOSITION = re.compile(r"""attachment; filename="([^"]*)"; filename\*=UTF-8''([A-Za-z0-9._~%-]*)""")


def _is_a_label(name: str) -> bool:
    return bool(name) and not set(name) & set('/\\\x00\r\n"<>|?*:') and name.strip(". ") == name


async def test_a_paper_is_kept_under_its_hash_and_sent_under_a_label(
    server: Server, owner: httpx2.AsyncClient, tmp_path: Path
) -> None:
    kind, labels = {"content-type": "application/pdf"}, {}
    for number, given in enumerate(NAMES):
        paper = (await owner.post("/v1/students/me/documents", json={"kind": "passport"})).json()["id"]
        content, named = PDF + b"%%%d\n" % number, {"file_name": given}
        answer = await owner.post(f"/v1/documents/{paper}/versions", params=named, content=content, headers=kind)
        if answer.status_code != 201:
            assert answer.status_code in (400, 422), given
            continue
        labels[given] = answer.json()["versions"][0]["file_name"]
        link = await owner.get(f"/v1/documents/{paper}/versions/1/content")
        sent = await owner.get(link.headers["location"])

        header = _DISPOSITION.fullmatch(sent.headers["content-disposition"])
        assert header is not None
        assert _PLAIN.fullmatch(header[1])
        assert unquote(header[2]) == labels[given]
        assert sent.content == content
        assert "set-cookie" not in sent.headers

    assert len(labels) > 25
    assert [label for label in labels.values() if not _is_a_label(label) or not label.endswith(".pdf")] == []
    kept = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == len(labels)
    assert [path for path in kept if not re.fullmatch(r"files/[0-9a-f]{2}/[0-9a-f]{64}", path.as_posix())] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("write", [disposition, attached_as], ids=["the store's", "our own"])
def test_even_a_name_that_was_never_cleaned_stays_one_value_of_one_header(write: object, name: str) -> None:
    assert callable(write)
    header = _DISPOSITION.fullmatch(write(name))

    assert header is not None
    assert not set(header[1]) & set('"\\%;')
    assert header[1].isprintable()
    assert unquote(header[2]) == name


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_name_is_a_label_and_stays_one(name: str) -> None:
    cleaned = clean_file_name(name, "application/pdf")

    assert _is_a_label(cleaned)
    assert clean_file_name(cleaned, "application/pdf") == cleaned
    assert len(cleaned) <= 150


async def test_the_name_of_a_catalogue_chooses_its_reader_and_opens_nothing(
    admin: httpx2.AsyncClient, tmp_path: Path
) -> None:
    (tmp_path / "passwd.csv").write_text("never read")
    named = [name for given in NAMES for name in (f"{given}.csv", given) if len(name) <= 200]

    for name in (*named, f"{tmp_path}/passwd.csv"):
        answer = await admin.post("/v1/imports", params={"file_name": name}, content=b"key,name\n")

        assert answer.status_code in (400, 422), name
        assert "never read" not in answer.text


def test_a_reader_is_chosen_by_the_name_and_reads_the_file_that_was_kept(tmp_path: Path) -> None:
    kept = tmp_path / "catalogue"

    assert source_of(kept, "../../etc/passwd.csv").path == kept  # type: ignore[attr-defined]
    with pytest.raises(BrokenCatalogue):
        source_of(kept, "../../etc/passwd")


@pytest.mark.parametrize("name", [name for name in NAMES if "\x00" not in name])
async def test_mail_lies_in_its_folder_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    box = FolderMailbox(tmp_path / "outbox", MemoryClock())

    await box.send(Mail(name, "student@example.org", name, "text", (Attachment(name, "application/pdf", PDF),)))

    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.parent == tmp_path / "outbox"
    head = kept.read_bytes().partition(b"\n\n")[0]
    assert b"\nSet-Cookie" not in head
    assert b"\nContent-Type: text/html" not in head


@pytest.mark.parametrize("token", ["a/../../b", "..%2f..%2fetc%2fpasswd", "%5c..%5c", "~", "%01", "a" * 5000])
async def test_what_stands_in_place_of_a_signed_link_opens_nothing(shared: Shared, token: str) -> None:
    async with shared.server.client() as client:
        got = await client.get(f"/v1/files/{token}")
        put = await client.put(f"/v1/files/{token}", content=b"x")

    assert {got.status_code, put.status_code} <= {404, 405}
