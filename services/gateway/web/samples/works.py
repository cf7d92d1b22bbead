"""Invented works."""

from collections.abc import Mapping, Sequence

from services.gateway.clients.works import Work

Json = dict[str, object]
FORMULA = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>f</mi><mo>:</mo>'
    '<msup><mi mathvariant="normal">ℝ</mi><mi>n</mi></msup><mo>→</mo><mfrac><mn>1</mn>'
    "<msqrt><mi>n</mi></msqrt></mfrac><mi>ℤ</mi></mrow></math>"
)
LONG = (
    "We study how a network of measuring stations can agree on one map when each of them sees only its own valley. "
    "Earlier work assumed that stations exchange everything they see; we show that a short summary, renewed once a "
    "day, is enough. The proof rests on a symmetry of the terrain that had not been used before, and gives bounds "
    "that are tight up to a logarithm. Experiments with three mountain ranges agree with the bounds, and we describe "
    "one valley where they do not, and why. "
)
TOPICS = [
    {"id": "arxiv:cs.LG", "label": "Machine Learning"},
    {"id": "arxiv:cs.DS", "label": "Data Structures and Algorithms"},
    {"id": "arxiv:stat.ML", "label": "Machine Learning (Statistics)"},
]


def byline(names: Sequence[str]) -> list[Json]:
    """A byline of these names."""
    return [
        {"name": name, "slug": name.lower().replace(" ", "-"), "author_id": f"a-{i}"} for i, name in enumerate(names)
    ]


def work(key: str, title: str, **changes: object) -> Work:
    """A current preprint of 2024; `changes` replace its fields."""
    given: Mapping[str, object] = {
        "id": key,
        "kind": "preprint",
        "year": 2024,
        "published_on": "2024-01-03",
        "source": "arXiv",
        "source_url": "https://arxiv.org/",
        "title": title,
        "title_html": None,
        "abstract": LONG,
        "abstract_html": None,
        "abstract_text": LONG,
        "status": "current",
        "topics": TOPICS,
        "byline": byline(["Bruno Tarvik", "Thuy Ngo", "Ilse Marand", "Sela Okonjo", "Mika Wendt"]),
        "identifiers": ["arxiv:0000.00001"],
    }
    return Work.model_validate({**given, **changes})


MAPS = work(
    "maps",
    "On the hardness of drawing maps under symmetries",
    abstract_html=f"<p>{LONG}The maps are functions {FORMULA}, and <em>explicit</em> ones are found.</p>",
)
RANGES = work(
    "ranges",
    "Implicit bias of linear mountain ranges",
    year=2022,
    title_html="Implicit bias of <em>linear</em> mountain ranges",
    byline=byline(["Ilse Marand", "Kostas Ghelis", "Anna Dienst", "Bruno Tarvik"]),
)
NO_ABSTRACT = work("bare", "A note without an abstract", abstract=None, abstract_text=None, byline=[])
RETRACTED = work("retracted", "A result that did not hold", status="retracted", kind="article", source="Annals of Maps")
WITHDRAWN = work("withdrawn", "A proof with a gap", status="withdrawn")
LONG_TITLE = work(
    "long",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungen and other words that have no place to "
    "break: a survey of names, of titles and of what happens to both of them when the page is narrow",
    byline=byline([f"Author Number{index}" for index in range(1, 41)]),
)
ARABIC = work(
    "arabic",
    "حول صعوبة رسم الخرائط مع التناظرات",
    abstract="ندرس كيف تتفق محطات القياس على خريطة واحدة.",
    abstract_text=None,
)


def many(count: int, start: int = 0) -> list[Work]:
    """So many works, all different."""
    return [
        work(f"w{index}", f"Maps of valleys, part {index + 1}: what stations agree on", year=2024 - index // 12)
        for index in range(start, start + count)
    ]
