"""The current table for other programs."""

from __future__ import annotations

from isa_extract.evidence.export.formats import FORMATS, export

__all__ = ["FORMATS", "export"]
