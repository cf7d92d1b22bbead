"""What tests make up: Atom feeds of works by invented people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import escape
from itertools import count

_numbers = count(10_000)


@dataclass(frozen=True)
class AtomWork:
    """One entry of an arXiv feed."""

    title: str
    authors: Sequence[str]
    published: date = date(2020, 5, 17)
    categories: Sequence[str] = ("cs.LG",)
    arxiv_id: str = field(default_factory=lambda: f"2005.{next(_numbers)}")
    abstract: str = "An abstract of some length."


def today() -> date:
    """Today as the services count it."""
    return datetime.now(UTC).date()


def atom_feed(works: Iterable[AtomWork]) -> bytes:
    """A feed as arXiv's query API answers it."""
    entries = "".join(map(_entry, works))
    head = '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
    return f'{head} xmlns:arxiv="http://arxiv.org/schemas/atom">{entries}</feed>'.encode()


def many_works(number: int, *, people: int = 200, authors: int = 4, name: str = "Person") -> list[AtomWork]:
    """Works whose authors are drawn in turn from a pool of people, so that most share coauthors."""
    names = [f"{name} {_letters(n)} Example" for n in range(people)]
    return [
        AtomWork(
            title=f"On the {name} question, part {n}",
            authors=[names[(n * 7 + place * (n % 5 + 1)) % people] for place in range(authors)],
            categories=("cs.LG", "math.ST" if n % 3 else "stat.ML"),
        )
        for n in range(number)
    ]


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(3)).title()


def _entry(work: AtomWork) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in dict.fromkeys(work.authors))
    topics = "".join(f'<category term="{term}" scheme="http://arxiv.org/schemas/atom"/>' for term in work.categories)
    when = f"{work.published:%Y-%m-%d}T12:00:00Z"
    return (
        f"<entry><id>http://arxiv.org/abs/{work.arxiv_id}v1</id><published>{when}</published><updated>{when}</updated>"
        f"<title>{escape(work.title)}</title><summary>{escape(work.abstract)}</summary>{authors}"
        f'<arxiv:primary_category term="{work.categories[0]}"/>{topics}</entry>'
    )
