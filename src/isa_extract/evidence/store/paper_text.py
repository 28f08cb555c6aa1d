"""A paper as read, as bytes: kept so that newer rules can bind it again without the file.

A line that says what it is, then compressed: the length of the JSON part, the JSON part (all but the boxes)
and the boxes as little-endian float32, one column after the other. No pickle: a store outlives the code that
wrote it, and may come from elsewhere.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import fields, is_dataclass
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from isa_extract.records import Paper

_MARK: Final = b"isa-paper 1\n"
_LENGTH: Final = 8
_NOT_KEPT: Final = ("doc_id", "source", "boxes")


def packed(paper: Paper) -> bytes:
    """The paper's bytes; its ``doc_id`` and ``source`` are not among them, for they are the store's affair."""
    told = {f.name: _plain(getattr(paper, f.name)) for f in fields(Paper) if f.name not in _NOT_KEPT}
    told["boxes"] = paper.boxes is not None
    head = json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()
    boxes = b"" if paper.boxes is None else np.asarray(paper.boxes, dtype="<f4").tobytes(order="F")
    return _MARK + lzma.compress(len(head).to_bytes(_LENGTH, "little") + head + boxes, preset=4)


def unpacked(data: bytes, doc_id: str, source: str) -> Paper:
    """The paper again, equal in all parts.

    Raises:
        ValueError: if these are not the bytes of a paper as this version keeps it.
    """
    if not data.startswith(_MARK):
        raise ValueError("not a paper as this version keeps it")
    try:
        whole = lzma.decompress(data[len(_MARK) :])
        length = int.from_bytes(whole[:_LENGTH], "little")
        told: dict[str, Any] = json.loads(whole[_LENGTH : _LENGTH + length])
        boxes = _boxes(whole[_LENGTH + length :]) if told.pop("boxes") else None
        parts = {name: _record(_TYPES[name], value) for name, value in told.items()}
        return Paper(doc_id=doc_id, source=source, boxes=boxes, **parts)
    except (lzma.LZMAError, EOFError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"a paper that is damaged or of another version ({error})") from error


def _boxes(data: bytes) -> npt.NDArray[np.float32]:
    columns = np.frombuffer(data, dtype="<f4").reshape((4, -1))
    return np.ascontiguousarray(columns.T, dtype=np.float32)


def _plain(value: Any) -> Any:
    """A record as the list of its fields."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value):
        return [_plain(getattr(value, f.name)) for f in fields(value)]
    return value


def _record(kind: Any, told: Any) -> Any:
    """And back, as the type of the field says."""
    if get_origin(kind) is tuple:
        return tuple(_record(get_args(kind)[0], part) for part in told)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        given = zip(fields(kind), told, strict=True)
        return cast("Any", kind)(**{f.name: _record(hints[f.name], part) for f, part in given})
    return told


_TYPES: Final = get_type_hints(Paper)
