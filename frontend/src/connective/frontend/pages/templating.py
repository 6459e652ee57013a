"""Jinja for the design system's templates: the same page, in less than half of the time.

The macros of govuk-frontend-jinja look at some hundred options of a component, most of them not given, write the
attributes of each element by a macro of their own, and indent what they write, component within component. Five things
made that slow, and are done in plain Python here: looking into a dictionary, which Jinja tries as an attribute first;
the globals of each template, which it asks through a chain of mappings each time a macro is imported; the attributes;
the indenting, which nobody sees; and escaping, which makes an object of each text that is only joined to others.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, PackageLoader, PrefixLoader, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_METHODS = frozenset(dir(dict))
_ATTRIBUTES = "govuk_frontend_jinja/macros/attributes.html"
_IN_PYTHON = "{% set govukAttributes = govuk_attributes %}"


_NOT_THERE = object()
_special = re.compile("[&<>'\"]").search


class LeanGenerator(CodeGenerator):
    """Writes what templates are compiled to: what they show is escaped by the environment's own function."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class LeanEnvironment(Environment):
    """An environment for templates that are fixed once loaded, and that look into dictionaries most of all."""

    code_generator_class = LeanGenerator

    @staticmethod
    def escaped(value: Any) -> str:  # noqa: ANN401 - whatever a template shows
        """As `escape`, for what is only joined to the page: a text with nothing to escape is joined as it stands."""
        if type(value) is str and not _special(value):
            return value
        return escape(value)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - whatever a template holds
        """As Jinja's, but a dictionary is asked for its key at once: a missing attribute costs an exception."""
        if type(obj) is dict and attribute not in _METHODS:
            found = obj.get(attribute, _NOT_THERE)
            return self.undefined(obj=obj, name=attribute) if found is _NOT_THERE else found
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's globals, which no longer change once templates are loaded, as one mapping."""
        return self.globals | dict(d or {})


def loader(package: str) -> BaseLoader:
    """Where templates are found: our own, and the design system's with its attributes written in Python."""
    return ChoiceLoader(
        [
            PackageLoader(package, "templates"),
            DictLoader({_ATTRIBUTES: _IN_PYTHON}),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )


def as_it_stands(text: Any, *_: Any, **__: Any) -> Any:  # noqa: ANN401 - whatever is filtered
    """In place of the filter `indent`: white space between elements that only readers of the source would see."""
    return text


_prepared: dict[str, Markup] = {}


def prepared(key: str | None, caller: Callable[[], Markup]) -> Markup:
    """A part of a page that says the same to everybody, rendered once.

    In a template it is `{% call prepared("name") %}…{% endcall %}`. Without a key it is rendered each time: a search
    form is the same for all until somebody types into it. What stands within may depend on nothing but the key, and
    never on who looks.
    """
    if not key:
        return caller()
    if key not in _prepared:
        _prepared[key] = caller()
    return _prepared[key]


def govuk_attributes(attributes: Any = None) -> Markup:  # noqa: ANN401 - a mapping, a string or nothing
    """As the design system's `govukAttributes`: ` name="value"` for each; a string as it stands."""
    if not attributes:
        return _NOTHING
    if not isinstance(attributes, Mapping):
        return Markup(attributes)  # noqa: S704 - a component's own, as in the macro that this replaces
    return Markup("").join(_attribute(name, value) for name, value in attributes.items())


_NOTHING = Markup("")


def _attribute(name: str, value: Any) -> Markup:  # noqa: ANN401 - what a template gives
    optional = False
    if isinstance(value, Mapping) and value.get("val") is not None:
        value = value["val"]
    if isinstance(value, Mapping):
        value, optional = value.get("value"), value.get("optional") is True
    elif isinstance(value, bool):
        value = str(value).lower()
    if optional and value is True:
        return Markup(f" {escape(name)}")  # noqa: S704 - escaped here: formatting Markup takes four times as long
    if optional and (value is None or value is False or isinstance(value, Undefined)):
        return _NOTHING
    return Markup(f' {escape(name)}="{escape(value)}"')  # noqa: S704 - as above
