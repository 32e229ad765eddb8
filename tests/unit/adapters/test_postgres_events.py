"""Every event of the domain can be written to a row and read back."""

import pkgutil
from importlib import import_module

import higherstudy.domain
from higherstudy.adapters.postgres.events import KNOWN
from higherstudy.domain.shared.events import Event


def every_event() -> set[type[Event]]:
    modules = [
        import_module(module.name)
        for module in pkgutil.walk_packages(higherstudy.domain.__path__, "higherstudy.domain.")
        if module.name.endswith((".events", "_events"))
    ]
    classes = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
    return {one for one in classes if issubclass(one, Event) and one is not Event and one.__name__[0] != "_"}


def test_every_event_is_known_by_its_tag() -> None:
    assert set(KNOWN) == every_event()
    assert len({event.tag for event in KNOWN}) == len(KNOWN)
