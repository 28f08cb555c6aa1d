"""Where evidence is kept: one schema, in a file of SQLite or in PostgreSQL."""

from __future__ import annotations

from isa_extract.evidence.store.database import Store, open_store
from isa_extract.evidence.store.landing import Landed, Landing, decide, land
from isa_extract.evidence.store.snapshot import Known, known_papers, snapshot

__all__ = ["Known", "Landed", "Landing", "Store", "decide", "known_papers", "land", "open_store", "snapshot"]
