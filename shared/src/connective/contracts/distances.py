"""How far something is, as people in England are told it: in miles, whoever tells it.

Records and the API keep metres and kilometres; only words for people are in miles, as roads are signed (Traffic Signs
Regulations and General Directions 2016) and as other public directories of services tell them.
"""

METRES_IN_A_MILE = 1609.344
_NEAREST = 0.1
_WHOLE_FROM = 10


def in_miles(metres: float) -> str:
    """A distance in words: to a tenth of a mile, and from ten miles on to a mile."""
    far = metres / METRES_IN_A_MILE
    if round(far, 1) < _NEAREST:
        return "less than 0.1 miles"
    told = f"{far:.0f}" if far >= _WHOLE_FROM else f"{round(far, 1):g}"
    return f"{told} mile" if told == "1" else f"{told} miles"
