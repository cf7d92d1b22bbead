"""What people may command about author records and works."""

from typing import Annotated, Literal

from pydantic import Field

from services.works.domain.record import Frozen

Id = Annotated[str, Field(min_length=1, max_length=200)]


class Merge(Frozen):
    """Two records are one person: `author` is retired and leads to `into`."""

    kind: Literal["merge"] = "merge"
    author: Id
    into: Id


class Split(Frozen):
    """One record is two people: its signatures on these works become a new record."""

    kind: Literal["split"] = "split"
    author: Id
    works: Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]


class Rename(Frozen):
    """The record shows another name; its old slug leads to the new one."""

    kind: Literal["rename"] = "rename"
    author: Id
    name: str


class Apart(Frozen):
    """Two records are different people, and are never merged while this stands."""

    kind: Literal["apart"] = "apart"
    author: Id
    other: Id


class MergeWorks(Frozen):
    """Two works are one: `work` leads to `into`."""

    kind: Literal["merge_works"] = "merge_works"
    work: Id
    into: Id


class PartWorks(Frozen):
    """These source records of the work, named as GET /works/{id} names them, are another work."""

    kind: Literal["part_works"] = "part_works"
    work: Id
    records: Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]


Command = Annotated[Merge | Split | Rename | Apart | MergeWorks | PartWorks, Field(discriminator="kind")]
