"""From GPS latitude and longitude (WGS84) to the National Grid (OSGB36).

The method and constants are Ordnance Survey's "A guide to coordinate systems in Great Britain": a seven-parameter
transformation between the two ellipsoids, then the transverse Mercator projection. It is right to about five metres,
which is far better than a postcode's centre.
"""

import math

from connective.partners.domain.geography import Point

# Semi-axes in metres: GRS80 carries WGS84, Airy 1830 carries OSGB36.
_GRS80 = (6378137.0, 6356752.3141)
_AIRY = (6377563.396, 6356256.909)
_SHIFT = (-446.448, 125.157, -542.060)
_SCALE = 20.4894e-6
_TURN = tuple(math.radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
# The projection's scale on its central meridian, true origin (49° N, 2° W), and that origin's grid coordinates.
_F0, _PHI0, _LAMBDA0 = 0.9996012717, math.radians(49), math.radians(-2)
_E0, _N0 = 400_000.0, -100_000.0

_METRES_A_DEGREE = 111_200.0
"""Of latitude, near enough for steps that correct themselves."""
GREAT_BRITAIN = ((49.8, 61.0), (-8.7, 1.9))
"""Bounds of latitude and longitude outside which the National Grid means nothing."""


def in_great_britain(latitude: float, longitude: float) -> bool:
    """Whether the coordinates fall in the box that the National Grid covers."""
    (south, north), (west, east) = GREAT_BRITAIN
    return south <= latitude <= north and west <= longitude <= east


def to_national_grid(latitude: float, longitude: float) -> Point:
    """The point of the National Grid at these WGS84 degrees. Ask `in_great_britain` first."""
    phi, lam = _to_airy(math.radians(latitude), math.radians(longitude))
    return _project(phi, lam)


def _to_airy(phi: float, lam: float) -> tuple[float, float]:
    a, b = _GRS80
    eccentricity = 1 - (b / a) ** 2
    nu = a / math.sqrt(1 - eccentricity * math.sin(phi) ** 2)
    x, y = nu * math.cos(phi) * math.cos(lam), nu * math.cos(phi) * math.sin(lam)
    z = nu * (1 - eccentricity) * math.sin(phi)
    (tx, ty, tz), (rx, ry, rz), s = _SHIFT, _TURN, 1 + _SCALE
    return _to_angles(tx + s * x - rz * y + ry * z, ty + rz * x + s * y - rx * z, tz - ry * x + rx * y + s * z)


def _to_angles(x: float, y: float, z: float) -> tuple[float, float]:
    a, b = _AIRY
    eccentricity = 1 - (b / a) ** 2
    p = math.hypot(x, y)
    phi = math.atan2(z, p * (1 - eccentricity))
    for _ in range(4):  # Four rounds settle it to well under a millimetre in these latitudes.
        nu = a / math.sqrt(1 - eccentricity * math.sin(phi) ** 2)
        phi = math.atan2(z + eccentricity * nu * math.sin(phi), p)
    return phi, math.atan2(y, x)


def _project(phi: float, lam: float) -> Point:
    a, b = _AIRY
    eccentricity = 1 - (b / a) ** 2
    sin, cos, tan = math.sin(phi), math.cos(phi), math.tan(phi)
    nu = a * _F0 / math.sqrt(1 - eccentricity * sin**2)
    rho = a * _F0 * (1 - eccentricity) / (1 - eccentricity * sin**2) ** 1.5
    eta2, d = nu / rho - 1, lam - _LAMBDA0
    north = (
        _meridional_arc(phi)
        + nu / 2 * sin * cos * d**2
        + nu / 24 * sin * cos**3 * (5 - tan**2 + 9 * eta2) * d**4
        + nu / 720 * sin * cos**5 * (61 - 58 * tan**2 + tan**4) * d**6
    )
    east = (
        nu * cos * d
        + nu / 6 * cos**3 * (nu / rho - tan**2) * d**3
        + nu / 120 * cos**5 * (5 - 18 * tan**2 + tan**4 + 14 * eta2 - 58 * tan**2 * eta2) * d**5
    )
    return Point(round(_E0 + east), round(_N0 + north))


def _meridional_arc(phi: float) -> float:
    a, b = _AIRY
    n = (a - b) / (a + b)
    difference, total = phi - _PHI0, phi + _PHI0
    return (
        b
        * _F0
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * difference
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(difference) * math.cos(total)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * difference) * math.cos(2 * total)
            - 35 / 24 * n**3 * math.sin(3 * difference) * math.cos(3 * total)
        )
    )


def to_degrees(point: Point) -> tuple[float, float]:
    """The WGS84 latitude and longitude of a point, to five decimals (about a metre).

    The projection is turned round by steps: each corrects by how far the present guess falls from the point.
    """
    latitude, longitude = 49.0 + (point.northing - _N0) / _METRES_A_DEGREE, -2.0
    for _ in range(8):  # Each round is a hundred times nearer; three settle it to the metre anywhere on the Grid.
        reached = to_national_grid(latitude, longitude)
        latitude += (point.northing - reached.northing) / _METRES_A_DEGREE
        longitude += (point.easting - reached.easting) / (_METRES_A_DEGREE * math.cos(math.radians(latitude)))
    return round(latitude, 5), round(longitude, 5)
