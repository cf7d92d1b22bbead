"""What the typed clients share: tolerant models, and ids as safe parts of a path."""

import re

from pydantic import BaseModel, ConfigDict

from shared.errors import NotFound

_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}")


class Model(BaseModel):
    """A part of a service's answer, read tolerantly: what is new is ignored, what may be absent has a default."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def segment(opaque_id: str) -> str:
    """The id as one segment of a path. What can be no id of this system is not found."""
    if not _SEGMENT.fullmatch(opaque_id):
        raise NotFound("There is nothing by this name. Check the address, or search for it.")
    return opaque_id
