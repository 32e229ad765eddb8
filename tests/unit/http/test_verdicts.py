"""Verdicts as they are sent."""

import httpx2
from records import a_record


async def test_a_verdict_carries_its_own_confidence_beside_that_of_the_programme(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    verdict = (await owner.get(f"/v1/students/me/verdicts/{record.programme}")).json()

    parts = {part["confidence"] for part in verdict["finding"]["parts"]}
    assert verdict["confidence"] == verdict["finding"]["confidence"] == max(parts, key="HMLU".index)
    assert verdict["programme"]["confidence"] != verdict["confidence"]
