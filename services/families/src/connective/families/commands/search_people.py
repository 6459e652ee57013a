"""Look for somebody before registering them again."""

from datetime import datetime

from connective.contracts.categories import Purpose
from connective.families.commands.matching import Hit, hits
from connective.families.commands.means import Means
from connective.families.domain.duplicates import ranked
from connective.families.domain.search import MOST_HITS, check_search
from connective.families.domain.tokens import Fact, Known
from connective.families.storage.acts import Act, audit
from connective.kit.actor import Actor


async def search_people(means: Means, actor: Actor, known: Known, purpose: Purpose, now: datetime) -> tuple[Hit, ...]:
    """At most five people of the place who share a part of the name and another fact. Raises SearchTooWide.

    The search is logged with how many it showed, in its own transaction, before anything is answered.
    """
    check_search(known, purpose)
    async with means.database.unit(actor) as unit:
        found = await hits(unit, actor, [known], means.search_key)
        by_person = {hit.match.person_id: hit for hit in found if Fact.NAME in hit.match.shared}
        best = [by_person[m.person_id] for m in ranked((h.match for h in by_person.values()), MOST_HITS)]
        shown = tuple(hit.match.person_id for hit in best)
        audit(unit, actor, Act("people.searched", person_ids=shown, purpose=purpose, hits=len(best)), now)
    return tuple(best)
