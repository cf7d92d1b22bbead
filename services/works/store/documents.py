"""Works and author records as MongoDB documents, and back."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel

from services.works.domain.model import Author, Work
from services.works.search.words import near_forms, places_of, words_of_work
from shared.mongo import Document

M = TypeVar("M", bound=BaseModel)


def to_document(model: Work | Author) -> Document:
    """The model with its id as `_id`, and the words that it is found by; dates as text, so that they sort and every
    server keeps them."""
    document = model.model_dump(exclude={"id"})
    if isinstance(model, Work):
        document["published_on"] = model.published_on.isoformat()
        document["tokens"] = [] if model.merged_into else words_of_work(model)
    else:
        document["near"] = [] if model.into else near_forms(model.words)
        document["places"] = places_of(model)
    return {"_id": model.id, **document}


def from_document(model: type[M], document: Mapping[str, object]) -> M:
    """The model that was written."""
    return model.model_validate({**document, "id": document["_id"]})
