"""What the description of the interface says more exactly than the framework does by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Litestar

from .gate import OPEN_ROUTES
from .key_scopes import scope_of
from .profile_shapes import PROFILE_PATCH
from .queries import name_of
from .wire import Given

_METHODS = ("get", "post", "put", "patch", "delete")
_FILE: Mapping[str, Any] = {"type": "string", "format": "binary"}
_FILE_BODIES = ("upload_version", "import_catalogue", "correct_import", "put_file")
_TEXT: Mapping[str, Any] = {"type": "string"}
_ANSWERS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "get_snapshot": {"application/json": {"type": "object"}},
    "pack_schema": {"application/schema+json": {"type": "object"}},
    "open_file": {"*/*": _FILE},
    "show_unsubscription": {"text/html": _TEXT},
    "unsubscribe": {"text/plain": _TEXT},
    "download_row_problems": {"text/csv": _TEXT},
    "export_ledger": {"text/csv": _TEXT},
    "get_money_paper": {"application/pdf": _FILE},
    "export_trail": {"application/jsonl": _TEXT, "text/csv": _TEXT},
}
"""What is answered by bytes that were written elsewhere."""
_REFERENCE = "#/components/schemas/{name}"


def described(app: Litestar) -> dict[str, Any]:
    """Return the OpenAPI document of the application."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    schema["components"]["schemas"].update(_bodies(schema))
    handlers = {one.operation_id: one for route in app.routes for one in getattr(route, "route_handlers", ())}
    for operation in operations_of(schema):
        name = operation["operationId"]
        if name in OPEN_ROUTES:
            operation["security"] = []
        elif scope := scope_of(handlers[name]):
            operation["security"] = [{"bearer": []}, {"cookie": []}, {"key": [scope.value]}]
        operation["responses"].get("204", {}).pop("content", None)  # which is without any (RFC 9110, 15.3.5)
        if name in _FILE_BODIES:
            operation["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": _FILE}}}
        if name == "change_profile":
            operation["requestBody"]["content"]["application/merge-patch+json"]["schema"] |= PROFILE_PATCH
        if name in _ANSWERS:
            answers = {kind: {"schema": shape} for kind, shape in _ANSWERS[name].items()}
            operation["responses"]["200"]["content"] = answers
        for parameter in operation.get("parameters", ()):
            _say_more(parameter, operation, handlers[name])
    exact: dict[str, Any] = _with_whole_bounds(schema)
    return exact


def operations_of(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each operation of the document."""
    for methods in schema["paths"].values():
        yield from (operation for method, operation in methods.items() if method in _METHODS)


def _bodies(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The shapes of what is sent, as the library that holds requests to them describes them: with what lists hold, and
    that nothing else belongs there."""
    named = schema["components"]["schemas"]
    kinds = [kind for kind in _below(Given) if kind.__name__ in named]
    _, shapes = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    return {name: shape for name, shape in shapes.items() if "properties" in shape}


def _below(kind: type) -> Iterator[type]:
    children: list[type] = kind.__subclasses__()
    for one in children:
        yield one
        yield from _below(one)


def _say_more(parameter: dict[str, Any], operation: Mapping[str, Any], handler: Any) -> None:
    if parameter["name"] == "If-Match":
        parameter["required"] = "428" in operation["responses"]
    shape = parameter["schema"]
    options = [
        one for one in shape.get("oneOf", ()) if one.get("type") != "null"
    ]  # no address and no header holds null
    if len(options) == 1:
        del shape["oneOf"]
        shape |= options[0]
    if shape.get("format") == "uri":  # a path within an address, which the framework takes for a whole one
        del shape["format"]
    arrays = [one for one in (shape, *shape.get("oneOf", ())) if one.get("type") == "array"]
    for array in arrays:
        array["items"] = _items(parameter["name"], handler) or array["items"]


def _with_whole_bounds(part: Any) -> Any:
    """The same with whole numbers as bounds: others are not exact where they are large."""
    if isinstance(part, dict):
        whole = {key for key in ("maximum", "minimum") if isinstance(part.get(key), float) and part[key].is_integer()}
        return {key: int(value) if key in whole else _with_whole_bounds(value) for key, value in part.items()}
    return [_with_whole_bounds(one) for one in part] if isinstance(part, list) else part


def _items(name: str, handler: Any) -> Any:
    """What a list in the query holds, which the framework leaves at "a text"."""
    for known, one in handler.parsed_fn_signature.parameters.items():
        if name_of(known, one) == name:
            exact = msgspec.json.schema(one.annotation, ref_template=_REFERENCE)
            lists = [part for part in (exact, *exact.get("anyOf", ())) if part.get("type") == "array"]
            return lists[0]["items"] if lists else None
    return None
