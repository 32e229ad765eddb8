"""A server is told by its environment where the papers go, and a setting that is wrong is named."""

import base64

import pytest
from higherstudy.domain.shared.errors import Invalid

from conftest import KEY, PASSWORD, USER, Collection
from higherstudy_webdav_files.files import WebDavFiles
from higherstudy_webdav_files.wiring import adapters


@pytest.fixture
def told(papers: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBDAV_URL", papers.url)
    monkeypatch.setenv("WEBDAV_USER", USER)
    monkeypatch.setenv("WEBDAV_PASSWORD", PASSWORD)
    monkeypatch.setenv("WEBDAV_LINK_KEY", base64.b64encode(KEY).decode())


async def test_the_adapter_is_given_ready_for_use(told: None, papers: Collection) -> None:
    async with adapters() as given:
        assert given.keys() == {"files", "links"}
        assert isinstance(given["files"], WebDavFiles)

    assert (papers.folder / "new").is_dir()


@pytest.mark.parametrize(
    ("variable", "text"), [("WEBDAV_URL", ""), ("WEBDAV_LINK_KEY", ""), ("WEBDAV_LINK_KEY", "short")]
)
async def test_a_setting_that_is_missing_or_wrong_is_named(
    told: None, monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)

    with pytest.raises(Invalid) as refused:
        async with adapters():
            pass

    assert [reason.where for reason in refused.value.reasons] == [variable]
