"""Put a service's locations on the map: postcodes become points and districts before anything is stored."""

from dataclasses import replace

from connective.partners.commands.refusals import UnknownPostcode, refuse_broken
from connective.partners.domain.geography import Located, MalformedPostcodeError, Point, parse_postcode
from connective.partners.domain.locations import Location
from connective.partners.domain.national_grid import in_great_britain, to_national_grid
from connective.partners.domain.rules import Broken
from connective.partners.domain.services import Listing
from connective.partners.storage.postcodes import PostcodeDirectory


async def placed(listing: Listing, postcodes: PostcodeDirectory) -> Listing:
    """The listing with every location on the map. Raises RulesBroken and UnknownPostcode."""
    locations = [
        await _placed(location, f"/locations/{at}", postcodes) for at, location in enumerate(listing.locations)
    ]
    return replace(listing, locations=tuple(locations))


async def _placed(location: Location, pointer: str, postcodes: PostcodeDirectory) -> Location:
    point = _from_coordinates(location, pointer)
    if location.postcode is None:
        return replace(location, point=point, district=None)
    known = await _known(location.postcode, pointer, postcodes)
    if known is None or known.point is None:
        if point is None:
            raise UnknownPostcode(f"{pointer}/postcode")
        return replace(location, point=point, district=known.district if known else None)
    return replace(location, postcode=str(known.postcode), point=known.point, district=known.district)


async def _known(text: str, pointer: str, postcodes: PostcodeDirectory) -> Located | None:
    try:
        postcode = parse_postcode(text)
    except MalformedPostcodeError:
        sentence = "It is not shaped like a British postcode, such as TA20 1QL."
        refuse_broken((Broken(f"{pointer}/postcode", "postcode", sentence),))
        raise
    return await postcodes.find_soon(postcode)


def _from_coordinates(location: Location, pointer: str) -> Point | None:
    if location.latitude is None or location.longitude is None:
        return None
    if not in_great_britain(location.latitude, location.longitude):
        refuse_broken((Broken(f"{pointer}/latitude", "coordinates", "They are not in Great Britain."),))
    return to_national_grid(location.latitude, location.longitude)
