"""What an act about one person is: its questions, and what the API is asked to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.picture import short_name

WRITE = "families:family:write"
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Whom an act is about: the family's record, the person, and what goes well for them already."""

    record: Body
    person: Body
    strengths: Sequence[Body] = ()
    colleagues: Options = ()
    """Who works here, by account: only they can be named in a restriction."""
    organisations: Options = ()
    """With whom something could be shared."""

    @property
    def who(self) -> str:
        """What the person is called."""
        return short_name(self.person)


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that the API is asked to do; a change of the person's own record where it is a patch."""

    path: str
    body: Body
    patch: bool = False


@dataclass(frozen=True, slots=True)
class PersonAct:
    """One form about a person. Its title, unlike its heading, names nobody."""

    title: str
    heading: str
    """With `{who}` where they are named."""
    fields: Callable[[Known], Sequence[Field]]
    calls: Callable[[Body, Known], list[Call]]
    button: str = "Save"
    words: Sequence[str] = ()
    warning: str = ""
    permission: str = WRITE
    fits: Callable[[Body], bool] = lambda person: not person["died_on"]
    """Whether there is such a thing to record of this person."""
    after: str = ""
    """The page that shows what was recorded, with `{id}` for it, where it is not the person's own."""
