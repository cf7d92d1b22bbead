"""Which changes of an event's schema break whom."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from shared.events.compatibility import Schema, new_data_for_old_readers, old_data_for_new_readers

BOTH, CONSUMERS, STORED, NOBODY = "both", "consumers", "stored", "nobody"


class Part(BaseModel):
    """Something inside."""

    name: str


class ByName(BaseModel):
    kind: Literal["name"] = "name"
    name: str


class ByNumber(BaseModel):
    kind: Literal["number"] = "number"
    number: int


class Tree(BaseModel):
    children: tuple["Tree", ...] = ()
    size: int


def schema(**fields: Any) -> Schema:
    """The schema of an event with the given fields; a type alone means that the field is required."""
    named: dict[str, Any] = {
        name: each if isinstance(each, tuple) and len(each) == 2 and not isinstance(each[0], str) else (each, ...)
        for name, each in fields.items()
    }
    model: type[BaseModel] = create_model("Happened", **named)
    return model.model_json_schema()


def hurt(old: Schema, new: Schema) -> str:
    """Who is hurt."""
    found = (bool(new_data_for_old_readers(old, new)), bool(old_data_for_new_readers(old, new)))
    return {(True, True): BOTH, (True, False): CONSUMERS, (False, True): STORED, (False, False): NOBODY}[found]


SMALL, LARGE = Annotated[int, Field(le=10)], Annotated[int, Field(le=20)]
SHORT, LONG = Annotated[str, Field(max_length=10)], Annotated[str, Field(max_length=20)]
FEW, MANY = Annotated[tuple[str, ...], Field(max_length=2)], Annotated[tuple[str, ...], Field(max_length=9)]
TAGGED = Annotated[ByName | ByNumber, Field(discriminator="kind")]
WIDE = create_model("Part", name=(str, ...), pages=(int, 0))
STRICT = create_model("Part", name=(str, ...), pages=(int, ...))

CASES = [
    ("nothing", {"a": str}, {"a": str}, NOBODY),
    ("a property with a default is added", {"a": str}, {"a": str, "b": (str, "")}, NOBODY),
    ("a required property is added", {"a": str}, {"a": str, "b": str}, STORED),
    ("a required property is removed", {"a": str, "b": str}, {"a": str}, CONSUMERS),
    ("an optional property is removed", {"a": str, "b": (str, "")}, {"a": str}, NOBODY),
    ("a property is renamed", {"a": str}, {"b": str}, BOTH),
    ("a required property becomes optional", {"a": str}, {"a": (str, "")}, CONSUMERS),
    ("an optional property becomes required", {"a": (str, "")}, {"a": str}, STORED),
    ("a default changes", {"a": (str, "x")}, {"a": (str, "y")}, STORED),
    ("a type changes", {"a": str}, {"a": int}, BOTH),
    ("an integer becomes a number", {"a": int}, {"a": float}, CONSUMERS),
    ("a number becomes an integer", {"a": float}, {"a": int}, STORED),
    ("null is allowed", {"a": str}, {"a": str | None}, CONSUMERS),
    ("null is forbidden", {"a": str | None}, {"a": str}, STORED),
    ("a value is added", {"a": Literal["x", "y"]}, {"a": Literal["x", "y", "z"]}, CONSUMERS),
    ("a value is removed", {"a": Literal["x", "y"]}, {"a": Literal["x"]}, STORED),
    ("any text is allowed", {"a": Literal["x", "y"]}, {"a": str}, CONSUMERS),
    ("only some texts are allowed", {"a": str}, {"a": Literal["x", "y"]}, STORED),
    ("values change places", {"a": Literal["x", "y"]}, {"a": Literal["y", "x"]}, NOBODY),
    ("a true or false becomes a number", {"a": Literal[True]}, {"a": Literal[1]}, BOTH),
    ("an upper bound is loosened", {"a": SMALL}, {"a": LARGE}, CONSUMERS),
    ("an upper bound is tightened", {"a": LARGE}, {"a": SMALL}, STORED),
    ("a bound is dropped", {"a": SHORT}, {"a": str}, CONSUMERS),
    ("a bound is new", {"a": str}, {"a": SHORT}, STORED),
    ("a text may be longer", {"a": SHORT}, {"a": LONG}, CONSUMERS),
    ("a list may be longer", {"a": FEW}, {"a": MANY}, CONSUMERS),
    ("a format is new", {"a": str}, {"a": date}, STORED),
    ("items change", {"a": tuple[str, ...]}, {"a": tuple[int, ...]}, BOTH),
    ("places change", {"a": tuple[str, str]}, {"a": tuple[str, str, str]}, BOTH),
    ("a part gets a property with a default", {"a": Part}, {"a": WIDE}, NOBODY),
    ("a part gets a required property", {"a": tuple[Part, ...]}, {"a": tuple[STRICT, ...]}, STORED),
    ("a union gets a member", {"a": ByName}, {"a": ByName | ByNumber}, CONSUMERS),
    ("a union loses a member", {"a": ByName | ByNumber}, {"a": ByName}, STORED),
    ("a union is told apart by a tag", {"a": ByName | ByNumber}, {"a": TAGGED}, NOBODY),
    ("a tagged union gets a member", {"a": ByName}, {"a": TAGGED}, CONSUMERS),
    ("a table's values change", {"a": dict[str, int]}, {"a": dict[str, str]}, BOTH),
    ("a table becomes a part", {"a": dict[str, int]}, {"a": Part}, BOTH),
    ("anything is allowed", {"a": str}, {"a": Any}, CONSUMERS),
    ("not anything is allowed", {"a": Any}, {"a": str}, STORED),
    ("what refers to itself stays", {"a": Tree}, {"a": Tree}, NOBODY),
]


@pytest.mark.parametrize(("what", "old", "new", "whom"), CASES, ids=[case[0] for case in CASES])
def test_a_change_hurts(what: str, old: dict[str, Any], new: dict[str, Any], whom: str) -> None:
    assert hurt(schema(**old), schema(**new)) == whom


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("not", {"const": "x"}), ("dependentRequired", {"a": ["b"]}), ("contains", {"type": "string"}), ("allOf", [{}])],
)
def test_a_keyword_that_is_not_known_is_a_break_when_it_differs(keyword: str, value: Any) -> None:
    plain, other = {"type": "string"}, {"type": "string", keyword: value}
    assert hurt(plain, other) == hurt(other, plain) == BOTH
    assert hurt(other, other) == NOBODY
    assert hurt({"anyOf": [plain]}, {"anyOf": [plain], keyword: value}) == BOTH


def test_what_an_unknown_keyword_refers_to_counts_as_well() -> None:
    old = {"allOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": {"type": "string"}}}
    new = {"allOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": {"type": "integer"}}}
    assert hurt(old, new) == BOTH


def test_more_properties_than_known_may_be_forbidden() -> None:
    closed: Schema = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
    wider = {**closed, "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    assert hurt(closed, wider) == CONSUMERS
    assert hurt(wider, closed) == STORED


def test_what_stands_beside_a_reference_counts() -> None:
    old: Schema = {"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}}}
    new: Schema = {**old, "properties": {"a": {"$ref": "#/$defs/A", "maxLength": 5}}}
    assert hurt(old, new) == STORED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"a": tuple[Part, ...]}, {"a": tuple[STRICT, ...]}, ("a[].pages", "absent", "required")),
        ({"a": Literal["x"]}, {"a": Literal["x", "y"]}, ("a", "without 'y'", "with 'y'")),
        ({"a": ByName}, {"a": ByName | ByNumber}, ("a", "ByName", "ByName or ByNumber")),
        ({"a": str}, {"a": str | None}, ("a", "string", "string or null")),
        ({"a": SMALL}, {"a": LARGE}, ("a", "maximum 10", "maximum 20")),
        ({"a": LARGE}, {"a": SMALL}, ("a", "maximum 20", "maximum 10")),
        ({"a": str}, {}, ("a", "required", "absent")),
        ({"a": str}, {"a": Literal["x", "y"]}, ("a", "string", "'x' or 'y'")),
    ],
)
def test_a_difference_says_where_it_is_and_what_stood_there(
    old: dict[str, Any], new: dict[str, Any], said: tuple[str, str, str]
) -> None:
    both = (schema(**old), schema(**new))
    assert said in {*new_data_for_old_readers(*both), *old_data_for_new_readers(*both)}
