"""One form as its page shows it: what it asks, and the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from connective.frontend.domain.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """One form. Its title, unlike its heading, names nobody: browsers keep titles."""

    title: str
    fields: Sequence[Field]
    back: tuple[str, str]
    button: str = "Save"
    heading: str = ""
    words: Sequence[str] = ()
    warning: str = ""
    warns: bool = False
    """Whether its button does what cannot be undone."""
    more: tuple[str, str] | None = None
    """A link below the questions: its address and words."""
    about_families: bool = False
    """Whether somebody could write about a family in it: then the safeguarding words stand beside it."""
    hidden: Sequence[tuple[str, str]] = ()
    """What was chosen on pages before this one."""
    cancel: bool = True
    """Whether a link beside the button gives up; one page of several only goes back."""


def one_of_several(
    title: str,
    heading: str,
    fields: Sequence[Field],
    back: str,
    button: str = "Continue",
    *,
    words: Sequence[str] = (),
    hidden: Sequence[tuple[str, str]] = (),
    warns: bool = False,
) -> FormView:
    """A page about a family that asks one thing of several."""
    return FormView(
        title=title,
        heading=heading,
        fields=fields,
        back=("Back", back),
        button=button,
        words=words,
        hidden=hidden,
        warns=warns,
        about_families=True,
        cancel=False,
    )
