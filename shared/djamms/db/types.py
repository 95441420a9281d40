"""Rows and statements whose columns are known by name only."""

from typing import Any

from sqlalchemy import Row, Select

type AnyRow = Row[*tuple[Any, ...]]
type AnySelect = Select[*tuple[Any, ...]]
