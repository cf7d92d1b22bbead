"""Whether all that one JSON Schema allows is allowed by another, and where not: the rules of a schema's evolution.

Knows what pydantic generates. A keyword that it does not know, and that differs, is a difference: in doubt it says no.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Schema = Mapping[str, Any]

REQUIRED, OPTIONAL, ABSENT = "required", "optional", "absent"
_NOTES = frozenset({"title", "description", "examples", "deprecated", "default", "discriminator", "$defs", "$comment"})
_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("format", "pattern", "multipleOf", "uniqueItems")
_UNIONS = ("anyOf", "oneOf")
_STRUCTURE = ("type", "const", "enum", "properties", "required", "additionalProperties", "items", "prefixItems", "$ref")
_KNOWN = _NOTES | {*_LOWEST, *_HIGHEST, *_EXACT, *_UNIONS, *_STRUCTURE}
_NAMES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


class Difference(NamedTuple):
    """What stood at a place before, and what stands there now."""

    path: str
    was: str
    now: str


def new_data_for_old_readers(old: Schema, new: Schema) -> list[Difference]:
    """Where what is written by `new` may not be readable by `old`."""
    return list(_Comparison(new, old, writer_is_new=True).all())


def old_data_for_new_readers(old: Schema, new: Schema) -> list[Difference]:
    """Where what was written by `old` may not be readable by `new`."""
    return list(_Comparison(old, new, writer_is_new=False).all())


class _Comparison:
    """Goes through both schemas together. A writer writes the properties it knows, a reader ignores further ones."""

    def __init__(self, written: Schema, read: Schema, *, writer_is_new: bool) -> None:
        self._written, self._read = written, read
        self._writer_is_new = writer_is_new
        self._inside: set[tuple[int, int]] = set()

    def all(self) -> Iterator[Difference]:
        yield from self._compare("", self._written, self._read)

    def _difference(self, path: str, written: str, read: str) -> Difference:
        return Difference(path, read, written) if self._writer_is_new else Difference(path, written, read)

    def _compare(self, path: str, written: Schema, read: Schema) -> Iterator[Difference]:
        written, read = _resolved(self._written, written), _resolved(self._read, read)
        pair = (id(written), id(read))
        if pair in self._inside:
            return
        self._inside.add(pair)
        if _is_union(written) or _is_union(read):
            yield from self._keywords(path, written, read)
        readers = list(_branches(self._read, read))
        for writer in _branches(self._written, written):
            yield from self._branch(path, writer, readers, written, read)
        self._inside.discard(pair)

    def _branch(
        self, path: str, writer: Schema, readers: Sequence[Schema], written: Schema, read: Schema
    ) -> Iterator[Difference]:
        values = _values(writer)
        if values is not None:
            for value in values:
                if not any(_takes(reader, value) for reader in readers):
                    yield self._difference(path, f"with {value!r}", f"without {value!r}")
            return
        found = min((list(self._one(path, writer, reader)) for reader in readers), key=len)
        others = {_label(reader) for reader in readers}
        if found and _label(writer) not in others:
            yield self._difference(path, self._words(self._written, written), self._words(self._read, read))
        else:
            yield from found

    def _words(self, root: Schema, schema: Schema) -> str:
        return " or ".join(dict.fromkeys(_label(branch) for branch in _branches(root, schema)))

    def _one(self, path: str, written: Schema, read: Schema) -> Iterator[Difference]:
        kinds = (written.get("type"), read.get("type"))
        if read.get("type") is not None and kinds[0] != kinds[1] and kinds != ("integer", "number"):
            yield self._difference(path, _label(written), _label(read))
            return
        if _values(read) is not None:
            yield self._difference(path, _label(written), f"one of {_values(read)}")
        yield from self._keywords(path, written, read)
        yield from self._object(path, written, read)
        yield from self._array(path, written, read)

    def _keywords(self, path: str, written: Schema, read: Schema) -> Iterator[Difference]:
        for name in sorted(read.keys() | written.keys()):
            ours, theirs = written.get(name), read.get(name)
            if name in _LOWEST:
                differs = theirs is not None and (ours is None or ours < theirs)
            elif name in _HIGHEST:
                differs = theirs is not None and (ours is None or ours > theirs)
            elif name in _EXACT:
                differs = theirs is not None and ours != theirs
            else:
                differs = name not in _KNOWN and (ours != theirs or self._refers_to_what_changed(ours))
            if differs:
                yield self._difference(path, _keyword(name, ours), _keyword(name, theirs))

    def _refers_to_what_changed(self, value: Any) -> bool:
        return "$ref" in json.dumps(value) and self._written.get("$defs") != self._read.get("$defs")

    def _object(self, path: str, written: Schema, read: Schema) -> Iterator[Difference]:
        ours, theirs = written.get("properties", {}), read.get("properties", {})
        more_ours, more_theirs = written.get("additionalProperties"), read.get("additionalProperties")
        for name, theirs_of in theirs.items():
            at = f"{path}.{name}".lstrip(".")
            is_required = name in read.get("required", ())
            if name in ours:
                yield from self._compare(at, ours[name], theirs_of)
                yield from self._default(at, ours[name], theirs_of)
                if is_required and name not in written.get("required", ()):
                    yield self._difference(at, OPTIONAL, REQUIRED)
            elif is_required:
                yield self._difference(at, ABSENT, REQUIRED)
            elif isinstance(more_ours, Mapping):
                yield from self._compare(at, more_ours, theirs_of)
        if more_theirs is None or more_theirs is True:
            return
        for name in ours.keys() - theirs.keys():
            at = f"{path}.{name}".lstrip(".")
            yield from self._further(at, ours[name], more_theirs)
        if more_ours not in (None, False) or (more_ours is None and not ours):
            yield from self._further(f"{path}{{}}", more_ours, more_theirs)

    def _further(self, path: str, ours: Any, theirs: Any) -> Iterator[Difference]:
        if theirs is False:
            yield self._difference(path, "allowed", "forbidden")
        else:
            yield from self._compare(path, ours if isinstance(ours, Mapping) else {}, theirs)

    def _default(self, path: str, ours: Schema, theirs: Schema) -> Iterator[Difference]:
        """Events that were written before the property was there get another meaning."""
        both = "default" in ours and "default" in theirs
        if both and ours["default"] != theirs["default"] and not self._writer_is_new:
            yield self._difference(path, _keyword("default", ours["default"]), _keyword("default", theirs["default"]))

    def _array(self, path: str, written: Schema, read: Schema) -> Iterator[Difference]:
        if "items" in read:
            yield from self._compare(f"{path}[]", written.get("items", {}), read["items"])
        ours, theirs = written.get("prefixItems", ()), read.get("prefixItems", ())
        if len(ours) != len(theirs):
            yield self._difference(path, f"{len(ours)} places", f"{len(theirs)} places")
        for place, (each, other) in enumerate(zip(ours, theirs, strict=False)):
            yield from self._compare(f"{path}[{place}]", each, other)


def _resolved(root: Schema, schema: Any) -> Schema:
    """The schema that a reference stands for, with what stands beside it; `true` allows everything."""
    while isinstance(schema, Mapping) and "$ref" in schema:
        found: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found[step]
        beside = {name: value for name, value in schema.items() if name not in _NOTES | {"$ref"}}
        schema = {**found, **beside} if beside else found
    return schema if isinstance(schema, Mapping) else {}


def _is_union(schema: Schema) -> bool:
    return any(name in schema for name in _UNIONS)


def _branches(root: Schema, schema: Schema) -> Iterator[Schema]:
    """The alternatives of a union, or the schema alone."""
    union = next((schema[name] for name in _UNIONS if name in schema), None)
    if union is not None:
        for branch in union:
            yield from _branches(root, _resolved(root, branch))
    elif isinstance(schema.get("type"), list):
        yield from ({**schema, "type": kind} for kind in schema["type"])
    else:
        yield schema


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if "enum" in schema else None


def _takes(schema: Schema, value: Any) -> bool:
    values = _values(schema)
    if values is not None:
        return any(value == one and type(value) is type(one) for one in values)
    bounds = schema.keys() - _NOTES - {"type"}
    return not bounds and schema.get("type") in (None, _NAMES.get(type(value)))


def _label(schema: Schema) -> str:
    if schema.get("type") == "object" and "title" in schema:
        return str(schema["title"])
    values = _values(schema)
    return str(schema.get("type", "anything")) if values is None else " or ".join(map(repr, values))


def _keyword(name: str, value: Any) -> str:
    return f"no {name}" if value is None else f"{name} {json.dumps(value, ensure_ascii=False)}"
