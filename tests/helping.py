"""Accounts with roles, and students who let others help them, over REST."""

from datetime import timedelta

from records import Server

from higherstudy.domain.identity.account import Role

PASSWORD = "seven quiet rivers at dawn"
COUNSELLOR = "counsellor@example.org"


async def signed_in(server: Server, email: str, *roles: Role) -> str:
    """Return the token of a new account with the roles, whose address is confirmed."""
    account = {"email": email, "password": PASSWORD}
    async with server.client() as anybody:
        await anybody.post("/v1/accounts", json={**account, "name": email.partition("@")[0].upper()})
        async with server.ports.transactions() as work:
            kept = await work.accounts.find_by_email(email)
            assert kept is not None
            kept.confirm_email(work.now)
            for role in roles:
                kept.grant(role)
            await work.accounts.save(kept)
        return str((await anybody.post("/v1/sessions", json=account)).json()["access_token"])


async def let(server: Server, student: str, counsellor: str, *scopes: str) -> str:
    """Let the counsellor help the student; return the grant's id."""
    until = (server.clock.now() + timedelta(days=90)).isoformat()
    asked = {"email": COUNSELLOR, "scopes": list(scopes or ["read_plan"]), "until": until}
    async with server.client(student) as client:
        grant = (await client.post("/v1/students/me/grants", json=asked)).json()["id"]
    async with server.client(counsellor) as client:
        assert (await client.post(f"/v1/grants/{grant}/acceptance")).status_code == 200
    return str(grant)


async def signed_in_again(server: Server, email: str = COUNSELLOR) -> str:
    """Return another token of the account: the first one does not last."""
    async with server.client() as anybody:
        answer = await anybody.post("/v1/sessions", json={"email": email, "password": PASSWORD})
        return str(answer.json()["access_token"])
