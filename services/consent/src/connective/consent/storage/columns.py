"""Columns as our tables have them, so that each table reads as a list of names."""

from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()


def key(name: str = "id") -> Column[Any]:
    """An id that is (part of) the primary key."""
    return Column(name, Uuid, primary_key=True)


def uuid(name: str, *, null: bool = False) -> Column[Any]:
    """An id."""
    return Column(name, Uuid, nullable=null)


def text(name: str, *, null: bool = False) -> Column[Any]:
    """A text."""
    return Column(name, Text, nullable=null)


def number(name: str, *, null: bool = False) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer, nullable=null)


def when(name: str, *, null: bool = False) -> Column[Any]:
    """An instant."""
    return Column(name, DateTime(timezone=True), nullable=null)


def day(name: str, *, null: bool = False) -> Column[Any]:
    """A calendar day."""
    return Column(name, Date, nullable=null)


def uuids(name: str) -> Column[Any]:
    """A set of ids."""
    return Column(name, ARRAY(Uuid), nullable=False)


def texts(name: str) -> Column[Any]:
    """A set of texts."""
    return Column(name, ARRAY(Text), nullable=False)


def flag(name: str, *, null: bool = False) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=null)


def json(name: str) -> Column[Any]:
    """A document, or none."""
    return Column(name, JSONB(none_as_null=True), nullable=True)


def table(name: str, *columns: Column[Any]) -> Table:
    """A table of the service."""
    return Table(name, metadata, *columns)
