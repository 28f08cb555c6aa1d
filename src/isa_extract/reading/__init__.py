"""A file becomes a ``Paper``."""

from __future__ import annotations

from isa_extract.reading.files import find_papers, read
from isa_extract.reading.guard import Limits, Reader

__all__ = ["Limits", "Reader", "find_papers", "read"]
