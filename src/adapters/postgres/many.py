"""Asking for many rows at once by their ids: one parameter, however many they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: ColumnElement[Any], ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return whether the column holds one of the ids."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))
