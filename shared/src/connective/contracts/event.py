"""What every fact is: a typed payload that knows its subject and the record it is about."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """One fact. `aggregate_id` names the record it is about, in its payload's field of that name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: ClassVar[str]
    about: ClassVar[str]
    """The payload field that holds the id of the record the fact is about."""

    @property
    def aggregate_id(self) -> UUID:
        """The record the fact is about."""
        value = getattr(self, type(self).about)
        assert isinstance(value, UUID)  # noqa: S101 - a wrong `about` is a programming error, caught by the shape test
        return value

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type."""
        return f"{cls.subject}.v1"
