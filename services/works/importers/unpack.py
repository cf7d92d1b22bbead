"""Compressed and packed files: gzip, xz, tar and zip, told by their first bytes, bounded in size and number."""

import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from services.works.importers.reading import NotReadable

MAX_MEMBERS = 20_000
XZ_MEMORY = 256 * 2**20
"""Bytes; what xz -9 needs is 65 MB."""
_BLOCK = 512
_GZIP, _XZ, _ZIP = b"\x1f\x8b", b"\xfd7zXZ\x00", b"PK\x03\x04"
_TAR_MARK, _TAR_AT = b"ustar", 257
_BROKEN = (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, zipfile.BadZipFile, NotImplementedError)


def unpack(data: bytes, limit: int) -> Iterator[bytes]:
    """The files inside, or the data itself. No name inside is ever used as a path.

    Raises NotReadable for a broken archive, and as soon as more than `limit` bytes come out of it.
    """
    try:
        if data.startswith(_GZIP):
            with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
                data = _read(packed, limit)
        elif data.startswith(_XZ):
            data = _xz(data, limit)
        if data.startswith(_ZIP):
            yield from _zip(data, limit)
        elif data[_TAR_AT : _TAR_AT + len(_TAR_MARK)] == _TAR_MARK:
            yield from _tar(data, limit)
        else:
            yield data
    except _BROKEN as error:
        raise NotReadable(f"The file cannot be unpacked: {str(error)[:200] or type(error).__name__}.") from error
    except (RuntimeError, ValueError) as error:
        if isinstance(error, NotReadable):
            raise
        raise NotReadable(f"The file cannot be unpacked: {str(error)[:200]}.") from error


def _xz(data: bytes, limit: int) -> bytes:
    """All streams, one after the other, by a decoder that takes no more memory than any usual file needs."""
    content = b""
    while data:
        decoder = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
        content += decoder.decompress(data, limit + 1 - len(content))
        if len(content) > limit:
            raise _too_much()
        if not decoder.eof:
            raise NotReadable("The file cannot be unpacked: it is cut off.")
        data = decoder.unused_data.lstrip(b"\0")
    return content


def _read(stream: gzip.GzipFile, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise _too_much()
    return data


def _zip(data: bytes, limit: int) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for place, member in enumerate(archive.infolist()):
            if member.is_dir():
                continue
            _few(place)
            with archive.open(member) as file:
                content = file.read(limit + 1)
            limit -= len(content)
            if limit < 0:
                raise _too_much()
            yield content


def _tar(data: bytes, limit: int) -> Iterator[bytes]:
    if data[-_BLOCK:].strip(b"\0"):
        raise NotReadable("The archive cannot be unpacked: it is cut off.")
    with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
        for place, member in enumerate(archive):
            _few(place)
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            content = file.read(limit + 1)
            limit -= len(content)
            if limit < 0:
                raise _too_much()
            yield content


def _few(place: int) -> None:
    if place >= MAX_MEMBERS:
        raise NotReadable(f"The archive holds more than {MAX_MEMBERS:,} files; send so many at a time at most.")


def _too_much() -> NotReadable:
    return NotReadable("Unpacked, the file is larger than an import takes; split it and import the parts.")
