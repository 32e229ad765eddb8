"""Reading the routes once in a process, and not for each of the two thousand applications that tests make."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from litestar import Router
from litestar._signature.model import SignatureModel
from litestar.routes import HTTPRoute
from litestar.utils.signature import ParsedSignature


def read_once(patch: pytest.MonkeyPatch) -> None:
    """Let Litestar keep what it finds out about the function of a route: it depends on nothing that tests change.

    And let it copy of a router what it writes to: the handlers themselves, and not all that they hold.
    """
    parsed: dict[Any, Any] = {}
    models: dict[Any, Any] = {}
    from_fn, create = ParsedSignature.from_fn, SignatureModel.create

    def parsed_once(fn: Any, signature_namespace: dict[str, Any]) -> Any:
        key = fn, tuple(sorted((name, id(kind)) for name, kind in signature_namespace.items()))
        if key not in parsed:
            parsed[key] = from_fn(fn, signature_namespace), signature_namespace  # held, so that no id is used twice
        return parsed[key][0]

    def created_once(
        dependency_name_set: set[str], fn: Any, parsed_signature: Any, type_decoders: Any, data_dto: Any = None
    ) -> Any:
        key = frozenset(dependency_name_set), fn, id(parsed_signature), tuple(type_decoders or ()), data_dto
        if key not in models:
            models[key] = create(dependency_name_set, fn, parsed_signature, type_decoders, data_dto), parsed_signature
        return models[key][0]

    patch.setattr(ParsedSignature, "from_fn", parsed_once)
    patch.setattr(SignatureModel, "create", created_once)
    patch.setattr(Router, "__deepcopy__", _with_own_handlers, raising=False)


def _with_own_handlers(self: Router, memo: dict[int, Any]) -> Router:
    router = copy(self)
    router.routes = []
    for route in self.routes:
        if not isinstance(route, HTTPRoute):
            raise TypeError(f"{route.path} is no route that this knows how to copy")
        own = copy(route)
        own.route_handlers = [_owned(handler, router, memo) for handler in route.route_handlers]
        router.routes.append(own)
    return router


def _owned(handler: Any, router: Router, memo: dict[int, Any]) -> Any:
    if id(handler) not in memo:
        memo[id(handler)] = copy(handler)
        memo[id(handler)].owner = router
    return memo[id(handler)]
