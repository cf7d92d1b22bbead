"""Institutions, known so far only by what sources print beside a name."""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

_NOT_A_WORD = re.compile(r"[^\w]+", re.UNICODE)


def normalised(affiliation: str) -> str:
    """The printed affiliation without case, accents, punctuation and a leading "the"; empty when nothing is left."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", affiliation) if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", plain.casefold()).strip().removeprefix("the ")


@lru_cache(maxsize=4096)
def institution_id(affiliation: str) -> str | None:
    """`institution:` and a digest of the normalised affiliation; None for one without a word."""
    known = normalised(affiliation)
    return f"institution:{sha256(known.encode()).hexdigest()[:16]}" if known else None
