"""A dataclass of the domain is what the standard library makes of the same words."""

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar, Generic, TypeVar

import pytest

import higherstudy.domain
from higherstudy.domain.shared.dataclass import dataclass

T = TypeVar("T")


def a_deadline(made: Any) -> Any:
    @made
    class Deadline:
        """When a paper has to be there."""

        name: str
        days: int = 3
        reminders: list[int] = field(default_factory=list, repr=False, hash=False)
        note: str = field(default="", compare=False)
        number: int = field(default=0, kw_only=True)
        known: ClassVar[int] = 7

        def twice(self) -> int:
            return self.days * 2

    return Deadline


def a_checked_one(made: Any) -> Any:
    @made
    class Checked:
        days: int
        weeks: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            if self.days < 0:
                raise ValueError("days")
            object.__setattr__(self, "weeks", self.days // 7)

    return Checked


def one_with_ways_of_its_own(made: Any) -> Any:
    @made
    class Shown:  # noqa: PLW1641 - the decorator makes a hash
        name: str

        def __repr__(self) -> str:
            return "shown in its own way"

        def __eq__(self, other: object) -> bool:
            return True

    return Shown


def nothing(made: Any) -> Any:
    @made
    class Nothing:
        pass

    return Nothing


def both(shape: Callable[[Any], Any], **options: Any) -> tuple[Any, Any]:
    """Return what the domain and what the standard library make of the same words."""
    return shape(dataclass(**options)), shape(dataclasses.dataclass(**options))


@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize(
    ("shape", "given"),
    [
        (a_deadline, [("visa",), ("visa", 4), ("visa", 4, [1, 2], "soon"), ("blocked account", 4)]),
        (a_checked_one, [(3,), (15,)]),
        (one_with_ways_of_its_own, [("a",), ("b",)]),
        (nothing, [()]),
    ],
)
def test_it_is_constructed_shown_compared_and_hashed_alike(
    shape: Callable[[Any], Any], given: list[Any], slots: bool
) -> None:
    ours, theirs = both(shape, frozen=True, slots=slots)
    mine, others = [ours(*one) for one in given], [theirs(*one) for one in given]

    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert [repr(one) for one in mine] == [repr(one) for one in others]
    assert [hash(one) for one in mine] == [hash(one) for one in others]
    assert [[a == b for b in mine] for a in mine] == [[a == b for b in others] for a in others]
    assert [dataclasses.asdict(one) for one in mine] == [dataclasses.asdict(one) for one in others]
    assert ours.__match_args__ == theirs.__match_args__
    assert [copy.copy(one) == one == copy.deepcopy(one) for one in mine] == [True] * len(mine)


@pytest.mark.parametrize(("given", "named"), [((), {}), (("a", 1, [], "", 5), {}), (("a",), {"strange": 1})])
def test_wrong_arguments_are_refused_in_the_same_words(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    told = []
    for made in both(a_deadline, frozen=True, slots=True):
        with pytest.raises(TypeError) as refused:
            made(*given, **named)
        told.append(str(refused.value))

    assert told[0] == told[1]


def test_what_is_checked_after_construction_is_checked_each_time() -> None:
    ours, _ = both(a_checked_one, frozen=True)

    for _ in range(2):
        with pytest.raises(ValueError, match="days"):
            ours(-1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A value as the domain has them."""

    name: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptLonger(Kept):
    """One that has more."""

    days: int = 3


@dataclass(frozen=True)
class Held(Generic[T]):
    """A value that holds another."""

    value: T


def test_values_cannot_be_changed_and_can_be_replaced_pickled_and_matched() -> None:
    kept = KeptLonger("visa", (1, 2))

    with pytest.raises(FrozenInstanceError):
        kept.days = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del kept.name
    match kept:
        case KeptLonger("visa", (1, 2), days):
            matched = days
        case _:
            matched = 0

    assert matched == 3
    assert dataclasses.replace(kept, days=9) == KeptLonger("visa", (1, 2), 9)
    assert pickle.loads(pickle.dumps(kept)) == kept
    assert kept != Kept("visa", (1, 2))
    assert not hasattr(kept, "__dict__")


def test_a_subclass_of_any_kind_is_constructed_by_its_own_rules() -> None:
    class Plain(Kept):
        def __init__(self, one: str) -> None:
            super().__init__(one, (1,))

    @dataclasses.dataclass(frozen=True)
    class Theirs(Kept):
        more: int = 0

    assert (Plain("a").parts, Theirs("a", (2,), 5).more) == ((1,), 5)
    assert str(inspect.signature(Plain)) == "(one: str) -> None"
    assert list(inspect.signature(Theirs).parameters) == ["name", "parts", "more"]
    assert Held[int](3) == Held(3)


def test_a_value_within_itself_is_shown_and_ends() -> None:
    within: list[object] = []
    held = Held(within)
    within.append(held)

    assert repr(held) == "Held(value=[...])"


def test_every_dataclass_of_the_domain_tells_what_it_takes() -> None:
    found = 0
    for module in pkgutil.walk_packages(higherstudy.domain.__path__, "higherstudy.domain."):
        for _, cls in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if dataclasses.is_dataclass(cls) and cls.__module__ == module.name and "__signature__" in vars(cls):
                wanted = [one.name for one in dataclasses.fields(cls) if one.init and not one.kw_only]
                takes = [
                    one.name for one in inspect.signature(cls).parameters.values() if one.kind is not one.KEYWORD_ONLY
                ]
                assert takes == wanted, cls
                found += 1
    assert found > 150
