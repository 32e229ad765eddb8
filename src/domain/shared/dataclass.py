"""The standard library's dataclass, for hundreds of values that are defined whenever a process starts.

It is the same to whoever writes or uses one. A frozen one costs less than half to define: its constructor is written
when the first instance is made, and comparing, hashing and showing are functions that all share.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - what type checkers know and tell
else:

    def dataclass(cls: type | None = None, /, **options: Any) -> Any:
        """Return the class as a dataclass with these options, as ``dataclasses.dataclass`` does."""
        if cls is None:
            return lambda cls: dataclass(cls, **options)
        if options.keys() - {"frozen", "slots"} or not options.get("frozen"):
            return dataclasses.dataclass(cls, **options)
        return _frozen(cls, slots=options.get("slots", False))


def _frozen(cls: type, *, slots: bool) -> type:
    said = {name for name in _SHARED if cls.__dict__.get(name) is not None}
    made: type = dataclasses.dataclass(frozen=True, slots=slots, init=False, repr=False, eq=False)(cls)
    for name in _SHARED.keys() - said:
        function = _SHARED[name](made)
        function.__name__, function.__qualname__ = name, f"{made.__qualname__}.{name}"
        setattr(made, name, function)
    made.__signature__ = _Signature()  # type: ignore[attr-defined]
    return made


def _init(cls: Any) -> Callable[..., None]:
    def construct(self: object, /, *given: Any, **named: Any) -> None:
        cls.__init__ = _constructor(cls)
        cls.__init__(self, *given, **named)

    construct.is_to_be_written = True  # type: ignore[attr-defined]
    return construct


def _constructor(cls: Any) -> Callable[..., None]:
    """Return the constructor that the standard library writes for these fields."""
    fields = [
        (
            field.name,
            field.type,
            dataclasses.field(
                default=field.default, default_factory=field.default_factory, init=field.init, kw_only=field.kw_only
            ),
        )
        for field in dataclasses.fields(cls)
    ]
    afterwards = {"__post_init__": None} if hasattr(cls, "__post_init__") else {}
    twin: Any = dataclasses.make_dataclass(
        cls.__name__, fields, namespace=afterwards, frozen=True, repr=False, eq=False, match_args=False
    )
    written: Callable[..., None] = twin.__init__
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    written.__module__ = cls.__module__
    return written


def _repr(cls: Any) -> Callable[[object], str]:
    names = [field.name for field in dataclasses.fields(cls) if field.repr]

    @recursive_repr()
    def show(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return show


def _eq(cls: Any) -> Callable[[object, object], Any]:
    values = _values([field.name for field in dataclasses.fields(cls) if field.compare])

    def equals(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    return equals


def _hash(cls: Any) -> Callable[[object], int]:
    fields = dataclasses.fields(cls)
    values = _values([field.name for field in fields if (field.compare if field.hash is None else field.hash)])

    def hashed(self: object) -> int:
        return hash(values(self))

    return hashed


def _values(names: list[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return what gives the tuple of these attributes."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


class _Signature:
    """Tells ``inspect.signature`` what the constructor takes, also before it is written."""

    def __get__(self, instance: object, owner: Any) -> Any:
        from inspect import signature  # noqa: PLC0415 - only for those who ask

        init = owner.__init__
        told = signature(_constructor(owner) if hasattr(init, "is_to_be_written") else init)
        return told.replace(parameters=list(told.parameters.values())[1:])


_SHARED: dict[str, Callable[[Any], Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
}
