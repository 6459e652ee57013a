"""The taxonomies of the public directory: needs, kinds of service, and how a service comes to people.

Needs and kinds are those of the needs list, so ids follow from its codes and are the same in every place.
"""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from connective.contracts.needs import NeedsList
from connective.partners.domain.codes import OTHER_KIND
from connective.partners.domain.particulars import Reach

Document = dict[str, object]
_OURS = uuid5(NAMESPACE_URL, "urn:connective:taxonomies")


@dataclass(frozen=True, slots=True)
class Term:
    """One term as it is published."""

    id: UUID
    taxonomy_id: UUID
    code: str
    name: str
    description: str
    taxonomy: str
    parent_id: UUID | None = None

    @property
    def document(self) -> Document:
        """The term in HSDS form."""
        parent: Document = {} if self.parent_id is None else {"parent_id": str(self.parent_id)}
        return {
            "id": str(self.id),
            "code": self.code,
            "name": self.name,
            "description": self.description,
            "taxonomy": self.taxonomy,
            "taxonomy_id": str(self.taxonomy_id),
            **parent,
        }


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One taxonomy as it is published."""

    id: UUID
    name: str
    description: str
    version: str
    terms: tuple[Term, ...]

    @property
    def document(self) -> Document:
        """The taxonomy in HSDS form, without its terms."""
        return {"id": str(self.id), "name": self.name, "description": self.description, "version": self.version}


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """All of them, and their terms by code."""

    needs: Taxonomy
    kinds: Taxonomy
    reach: Taxonomy

    @property
    def all(self) -> tuple[Taxonomy, ...]:
        """Each of them."""
        return self.needs, self.kinds, self.reach

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term of every taxonomy."""
        return tuple(term for each in self.all for term in each.terms)


def taxonomies_of(needs: NeedsList) -> Taxonomies:
    """The taxonomies of one version of the needs list."""
    version = str(needs.version)
    return Taxonomies(
        needs=_needs(needs, version),
        kinds=_flat(
            "service-kinds", "Kinds of service", "What kind of help a service is.", version,
            (*sorted(needs.service_kinds), OTHER_KIND),
        ),
        reach=_flat("reach", "Reach", "How a service comes to the people it helps.", "1", tuple(map(str, Reach))),
    )  # fmt: skip


def words(code: str) -> str:
    """A code as words: `food_bank` is `Food bank`."""
    return code.replace("_", " ").capitalize()


def _needs(needs: NeedsList, version: str) -> Taxonomy:
    title = f"Needs ({needs.id})"
    taxonomy_id = uuid5(_OURS, f"needs:{needs.id}")
    headlines = {
        code: Term(
            uuid5(taxonomy_id, f"headline:{code}"), taxonomy_id, code, name, f"{name}: a headline outcome.", title
        )
        for code, name in needs.headlines.items()
    }
    terms = [
        Term(
            id=uuid5(taxonomy_id, f"need:{code}"),
            taxonomy_id=taxonomy_id,
            code=code,
            name=words(code),
            description=f"A need under the headline {needs.headlines[need.headline]}.",
            taxonomy=title,
            parent_id=headlines[need.headline].id,
        )
        for code, need in needs.needs.items()
    ]
    about = "The needs that services answer, under the headline outcomes of the Supporting Families framework."
    return Taxonomy(taxonomy_id, title, about, version, (*headlines.values(), *terms))


def _flat(key: str, title: str, about: str, version: str, codes: tuple[str, ...]) -> Taxonomy:
    taxonomy_id = uuid5(_OURS, key)
    terms = tuple(
        Term(uuid5(taxonomy_id, code), taxonomy_id, code, words(code), f"{words(code)}.", title) for code in codes
    )
    return Taxonomy(taxonomy_id, title, about, version, terms)


def terms_of(taxonomies: Taxonomies, kind: str, needs: frozenset[str], reach: frozenset[Reach]) -> tuple[Term, ...]:
    """The terms that a listing carries."""
    reached = {str(each) for each in reach}
    return (
        *(each for each in taxonomies.kinds.terms if each.code == kind),
        *(each for each in taxonomies.needs.terms if each.code in needs and each.parent_id is not None),
        *(each for each in taxonomies.reach.terms if each.code in reached),
    )
