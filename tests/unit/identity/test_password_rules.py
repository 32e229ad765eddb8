"""What may be a password: anything long that is not guessed first."""

import pytest

from higherstudy.adapters.bundled.common_passwords import BundledCommonPasswords
from higherstudy.domain.identity.password import SHORTEST_OF_TWO, check_password
from higherstudy.domain.shared.errors import RuleBroken

COMMON = BundledCommonPasswords()


def wrong_with(password: str, shortest: int = 15) -> list[str]:
    try:
        check_password(
            password, COMMON.has, email="anika.rahman@example.org", name="Anika Rahman", shortest=shortest, where="new"
        )
    except RuleBroken as refused:
        return [reason.code for reason in refused.reasons if reason.where == "new"]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet rivers at dawn",
        "anika likes seven quiet rivers",
        "ঢাকা থেকে মিউনিখ ২০২৭ সালে",
        "kd93-fkq0-zpw2-mm1x",
        "           spaces count too",
        "🌊🐟🪷🌾 fifteen signs",
        "long" + " and longer" * 22,
    ],
)
def test_whatever_is_long_and_not_guessed_first_is_good(password: str) -> None:
    assert wrong_with(password) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen signs", "password.too_short"),
        ("", "password.too_short"),
        ("x" * 257, "password.too_long"),
        ("abababababababab", "password.too_simple"),
        ("AaAaAaAaAaAaAaAa", "password.too_simple"),
        ("passwordpassword", "password.common"),
        ("Password1234567890", "password.common"),
        ("MONKEY!!2027!!2027", "password.common"),
        ("iloveyouiloveyou", "password.common"),
        ("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ", "password.common"),
        ("responsibilities2027", "password.common"),
        ("1234567890123456", "password.common"),
        ("zyxwvutsrqponmlk", "password.common"),
        ("qwertyuiopasdfgh", "password.common"),
        ("anika.rahman.2027", "password.holds_email"),
        ("ANIKA.RAHMANanika.rahman", "password.holds_email"),
        ("example-example-9", "password.holds_email"),
        ("RahmanAnikaRahman", "password.holds_name"),
        ("higherstudy2027!!", "password.holds_name"),
        ("Higher Study 2027", "password.holds_name"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, code: str) -> None:
    assert code in wrong_with(password)


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("kd93fkq0", []),
        ("kd93fkq", ["password.too_short"]),
        ("password", ["password.common"]),
        ("monkey12", ["password.common"]),
        ("qwertyui", ["password.common"]),
    ],
)
def test_beside_a_second_factor_eight_characters_do_unless_they_are_common(password: str, wrong: list[str]) -> None:
    assert wrong_with(password, SHORTEST_OF_TWO) == wrong
