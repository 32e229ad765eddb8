"""What a money proof says where something is missing or unverified: each thing once, by its name, in both languages."""

from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.funding.reading import read_money_case
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.errors import Reason

from .money_texts import RULES, line, money, proof

NOT_KNOWN = Reason("money_proof.not_known")


def test_somebody_for_whom_the_rule_names_no_rate_is_named() -> None:
    found = proof("GB", circumstances={"in_london": True}, tuition=money("0", "GBP"), family={"children": 1})

    (child,) = (part for part in found.parts if part.code == "living_child")
    missing = Reason("money_proof.no_rate_for", {"who": "child"})
    assert (child.amount, child.at_least, child.lacks) == (None, None, missing)
    assert [one for one in found.said if one.code == missing.code] == [missing]


def test_what_lacks_twice_is_asked_for_once() -> None:
    found = proof("AU", tuition=money("100", "BDT"), travel=money("5", "BDT"))

    rate = Reason("money_proof.no_rate", {"source": "BDT", "target": "AUD"})
    assert [part.lacks for part in found.parts if part.lacks] == [rate, rate]
    assert [one for one in found.said if one == rate] == [rate]


def test_a_rate_without_which_the_money_might_be_enough_is_asked_for() -> None:
    public = {"university_sector": "public"}
    might = proof("DE", circumstances=public, funds=[line("Yen", "5", "JPY")])
    enough = proof(
        "DE", circumstances=public, funds=[line("Yen", "5", "JPY"), line("Blocked", "10800", "EUR", "account")]
    )

    assert might.said[:2] == (NOT_KNOWN, Reason("money_proof.no_rate", {"source": "JPY", "target": "EUR"}))
    assert [one.code for one in enough.said] == ["money_proof.enough"]


def test_the_days_for_which_money_has_to_be_held_are_named_where_they_are_not_known() -> None:
    def missing(on: str) -> tuple[Reason, ...]:
        found = proof("GB", on=on, circumstances={"in_london": True}, tuition=money("0", "GBP"))
        assert found.said[0] == NOT_KNOWN
        assert all(one in found.said for one in found.lacks)
        return found.lacks

    both, one = missing("2025-12-01"), missing("2026-01-15")

    assert both == (
        Reason("money_proof.days_not_known", {"fact": "days", "on": "2025-12-01"}),
        Reason("money_proof.within_days_not_known", {"fact": "within", "on": "2025-12-01"}),
    )
    assert one == (Reason("money_proof.within_days_not_known", {"fact": "within", "on": "2026-01-15"}),)


def test_notes_on_what_nobody_has_verified_are_told_in_bangla_where_there_are_any() -> None:
    text = RULES.packs[0].text
    told = text.replace('note = "Ask the embassy."', 'note = "Ask the embassy."\nnote_bn = "দূতাবাসে জিজ্ঞেস করুন।"')
    rules = Rulebook(
        (read_pack(told.replace('note = "Look again."', 'note = "Look."\nnote_bn = "দেখুন।"'), "own.toml"),)
    )

    def warned(by: Rulebook, country: str) -> tuple[Reason, ...]:
        data = {"country": country, "level": "master", "on": "2026-06-10", "circumstances": {"in_london": False}}
        (found,) = money_proofs(read_money_case(data, by), by)
        return found.warnings

    embassy = {"note": "Ask the embassy."}
    assert warned(RULES, "DE") == (Reason("money_proof.rule_unverified", embassy),)
    assert warned(rules, "DE") == (Reason("money_proof.rule_unverified", {**embassy, "note_bn": "দূতাবাসে জিজ্ঞেস করুন।"}),)
    assert warned(RULES, "GB") == (Reason("money_proof.fact_unverified", {"fact": "outside.1", "note": "Look again."}),)
    assert warned(rules, "GB") == (
        Reason("money_proof.fact_unverified", {"fact": "outside.1", "note": "Look.", "note_bn": "দেখুন।"}),
    )
