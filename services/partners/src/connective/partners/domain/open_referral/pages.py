"""Pages as Open Referral UK counts them: numbered from 1, with totals, and flags that must be true of the contents."""

from dataclasses import dataclass

USUAL_SIZE = 50
LARGEST_SIZE = 500


@dataclass(frozen=True, slots=True)
class PageOf:
    """Which page is asked for."""

    number: int = 1
    size: int = USUAL_SIZE

    @property
    def offset(self) -> int:
        """How many come before it."""
        return (self.number - 1) * self.size


def envelope(asked: PageOf, total: int, contents: int) -> dict[str, int | bool]:
    """Everything of a page but its contents. An empty feed has no pages; a page past the end is empty, and not last."""
    pages = -(-total // asked.size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.number,
        "size": contents,
        "first_page": asked.number == 1,
        "last_page": asked.number == max(pages, 1),
        "empty": contents == 0,
    }
