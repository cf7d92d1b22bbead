"""Packed files: read whole, bounded, or refused."""

import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.works.importers.reading import NotReadable
from services.works.importers.unpack import unpack

LIMIT = 10_000
PARTS = [b"one" * 100, b"two" * 300]


def tarred() -> bytes:
    """A tar of the parts."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for place, part in enumerate(PARTS):
            member = tarfile.TarInfo(f"../../{place}")
            member.size = len(part)
            archive.addfile(member, io.BytesIO(part))
    return made.getvalue()


def zipped() -> bytes:
    """A zip of the parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, part in enumerate(PARTS):
            archive.writestr(f"/etc/{place}", part)
    return made.getvalue()


@pytest.mark.parametrize("packed", [tarred(), gzip.compress(tarred()), lzma.compress(tarred()), zipped()])
def test_every_packing_gives_the_files_inside(packed: bytes) -> None:
    assert list(unpack(packed, 2 * LIMIT)) == PARTS


def test_several_streams_are_one_file() -> None:
    assert list(unpack(lzma.compress(b"one") + lzma.compress(b"two"), LIMIT)) == [b"onetwo"]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_what_would_grow_too_large_is_refused(pack: object) -> None:
    assert callable(pack)
    with pytest.raises(NotReadable, match="larger"):
        list(unpack(pack(bytes(100 * LIMIT)), LIMIT))


@pytest.mark.parametrize(
    "cut", [tarred()[:1024], lzma.compress(tarred())[:-9], gzip.compress(tarred())[:-9], zipped()[:-9]]
)
def test_what_is_cut_off_is_refused(cut: bytes) -> None:
    with pytest.raises(NotReadable):
        list(unpack(cut, LIMIT))


def test_a_huge_dictionary_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 512 * 2**20}]
    with pytest.raises(NotReadable):
        list(unpack(lzma.compress(b"x", filters=filters), LIMIT))


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x1f\x8b", b"\xfd7zXZ\x00", b"PK\x03\x04"]))
def test_any_bytes_are_unpacked_or_refused(data: bytes, mark: bytes) -> None:
    try:
        list(unpack(mark + data, LIMIT))
    except NotReadable:
        return
