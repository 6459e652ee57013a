"""The checker of papers finds what is wrong with one that nobody made accessible."""

import typst
from accessible_paper import accessibility_faults

_CARELESS = b"""
#set page(header: [Page])
=== A heading too deep
#figure(rect(), caption: none)
#table(columns: 2, [a], [b])
"""


def test_a_careless_paper_is_found_out() -> None:
    found = accessibility_faults(typst.compile(_CARELESS, format="pdf", ignore_system_fonts=True))
    assert {"it has no title", "a heading /H3 follows level 0", "it does not claim PDF/UA"} <= set(found)
    assert any(fault.startswith("its language is") for fault in found)
