"""Pages of other origins may call only where the settings say so."""

from records import Server

PAGE = "https://study.example"
PREFLIGHT = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, if-match, content-type",
}


async def test_nobody_else_may_call_by_default(server: Server) -> None:
    async with server.client() as client:
        asked = await client.options("/v1/students/me/profile", headers=PREFLIGHT)
        got = await client.get("/health/live", headers={"Origin": PAGE})

    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in got.headers


async def test_a_page_that_is_allowed_may_call(allowing: Server) -> None:
    async with allowing.client() as client:
        asked = await client.options("/v1/students/me/profile", headers=PREFLIGHT)
        refused = await client.get("/v1/me", headers={"Origin": PAGE})
        other = await client.get("/health/live", headers={"Origin": "https://elsewhere.example"})

    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-origin" not in other.headers
