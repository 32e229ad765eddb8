"""A catalogue at hand: counts, pages and what a change would open are those of judging each programme by itself."""

from dataclasses import replace
from datetime import date

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.matching.embedded import match_all, unlock
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.ranking import matched, rank
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.wanted import Wanted
from study_builders import ielts, profile

ON, RULES = date(2026, 11, 23), bundled_rulebook()
STUDENT = profile(tests=(ielts("6.0"),))
EVIDENCE = Evidence(STUDENT, ON, {"cv": True, "transcript": True}, Days(ON, date(2027, 10, 1), date(2027, 8, 1)))
OFFERED = (*bundled_programmes(), replace(bundled_programmes()[0], key="gone", expired=True))
GERMAN = Wanted(ProgrammeQuery(countries=("DE",)))


def those_of(wanted: Wanted) -> list[Programme]:
    live = [one for one in OFFERED if not one.expired]
    return [one for one in live if wanted == Wanted() or one.institution.country == "DE"]


def is_open(programme: Programme, evidence: Evidence) -> bool:
    return judge_programme(programme, evidence, RULES).standing >= Standing.PROBABLY_MET


@pytest.mark.parametrize("wanted", [Wanted(), GERMAN], ids=["all", "german"])
def test_a_page_from_the_middle_is_the_same_as_of_all_judged_by_themselves(wanted: Wanted) -> None:
    each = sorted((matched(one, EVIDENCE, RULES) for one in those_of(wanted)), key=rank)
    short = [one for one in each if one.verdict.standing is Standing.NOT_MET]

    page = match_all(OFFERED, EVIDENCE, RULES, 4, wanted=wanted, start=3)
    lost = match_all(OFFERED, EVIDENCE, RULES, 2, wanted=wanted, only=(Standing.NOT_MET,))

    assert [one.programme.id for one in page.page] == [one.programme.id for one in each[3:7]]
    assert (page.total, page.start, sum(page.counts.values())) == (len(each), 3, len(each))
    assert [one.programme.id for one in lost.page] == [one.programme.id for one in short[:2]]
    assert lost.total == len(short)


@pytest.mark.parametrize("wanted", [Wanted(), GERMAN], ids=["all", "german"])
def test_what_a_better_test_would_open_is_open_with_it_and_was_not_before(wanted: Wanted) -> None:
    offered = those_of(wanted)

    found = unlock(OFFERED, EVIDENCE, RULES, 3, wanted=wanted, shown=2)

    assert (found.on, found.rulebook, found.total) == (ON, RULES.edition, len(offered))
    assert found.open == sum(is_open(one, EVIDENCE) for one in offered)
    assert 0 < len(found.items) <= 3
    shut = {one.id for one in offered if not is_open(one, EVIDENCE)}
    for item in found.items:
        assert 0 < len(item.programmes) <= 2
        assert set(item.programmes) <= shut
    assert len(unlock(OFFERED, EVIDENCE, RULES, 1, wanted=wanted).items) == 1
