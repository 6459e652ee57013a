"""What partners' routes take from the application, and how they shape what all of them answer."""

from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Response

from connective.contracts.places import PlacesInForce
from connective.kit.clock import Clock
from connective.kit.etags import etag
from connective.kit.pages import Cursors
from connective.kit.problems import NotFound
from connective.partners.commands.harvest_sources import SourceMeans
from connective.partners.commands.import_file import FileMeans
from connective.partners.commands.means import Means
from connective.partners.commands.webhook_means import WebhookMeans

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root gives the routes."""

    means: Means
    clock: Clock
    cursors: Cursors
    webhooks: WebhookMeans
    sources: SourceMeans
    places: PlacesInForce
    files: FileMeans

    def checked_within_days(self, place_id: UUID) -> int:
        """How long a listing of a place stands before somebody is asked whether it is still true. Raises NotFound."""
        try:
            return self.places.get(place_id).listings_checked_within_days
        except KeyError as error:
            raise NotFound from error


async def parts_of(request: Request) -> Parts:
    """The application's parts."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]


def show_version(response: Response, version: int) -> None:
    """Set the ETag of the resource that is answered."""
    response.headers["ETag"] = etag(version)
