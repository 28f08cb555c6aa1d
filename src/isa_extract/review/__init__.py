"""A page on the reviewer's own machine: the facts of a store, and decisions about them."""

from __future__ import annotations

from isa_extract.review.serving import serve

__all__ = ["serve"]
