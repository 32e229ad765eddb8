"""Equal inputs give equal bytes, in whatever process: plans, pictures, calendars, verdicts, proofs and differences."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from random_money import money_cases
from random_packs import DATA
from told_again import hashes
from toml_writing import as_pack

from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, DegreeNeeded, DocumentNeeded, ExperienceNeeded
from higherstudy.domain.profile.profile import Profile
from laws import drawn
from networks import office_ways, situation, target
from study_builders import STATED, bachelor

TESTS = Path(__file__).parents[1]
LEAVES = st.one_of(
    st.builds(lambda months: ExperienceNeeded(STATED, months), st.integers(0, 36)),
    st.builds(lambda kind: DocumentNeeded(STATED, kind), st.sampled_from(["cv", "motivation_letter"])),
    st.builds(lambda fields: DegreeNeeded(STATED, "bachelor", fields), st.sampled_from([(), ("0613",), ("07", "06")])),
)
TREES = st.recursive(LEAVES, lambda parts: st.builds(
    lambda kind, found: kind(tuple(found)), st.sampled_from([AllOf, AnyOf]), st.lists(parts, min_size=1, max_size=3)
), max_leaves=6)  # fmt: skip
CASES: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(
        st.just("plan"),
        st.tuples(
            st.lists(st.integers(30, 900), min_size=1, max_size=3).map(
                lambda days: situation(
                    *(target(number, begins_in=one) for number, one in enumerate(days)),
                    pathways={},
                    known={},
                    lost={},
                    passed={},
                    not_before={},
                )
            ),
            office_ways(),
        ),
    ),
    st.tuples(st.just("verdict"), st.tuples(st.just(Profile(qualifications=(bachelor(),), circumstances={})), TREES)),
    st.tuples(st.just("money"), money_cases()),
    st.tuples(st.just("diff"), st.tuples(DATA.map(as_pack), DATA.map(as_pack))),
)


@pytest.mark.law
def test_another_process_that_hashes_otherwise_tells_the_same_byte_for_byte() -> None:
    cases = drawn(CASES, 200)
    assert {kind for kind, _ in cases} == {"plan", "verdict", "money", "diff"}

    here = hashes(cases)
    there = [
        subprocess.run(
            [sys.executable, TESTS / "told_again.py"],
            input=pickle.dumps(cases),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": f"{TESTS.parent}:{TESTS}"},
        ).stdout.decode().split("\n")
        for number in ("1", "2")
    ]  # fmt: skip

    assert there == [here, here]
