"""The papers as RIS, for reference managers: what the store knows of them, which is not their authors.

A paper's file says its title and its DOI at most; the rest is left to the reference manager, which finds it
by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from isa_extract.evidence.facts import Evidence
from isa_extract.evidence.store import Known


def ris_text(evidence: Evidence, papers: Mapping[str, Known]) -> str:
    """A record for each paper: title, DOI, file, and the studies that it tells of as keywords."""
    studies: defaultdict[str, set[str]] = defaultdict(set)
    for key, telling in evidence.told.items():
        study = evidence.studies[key]
        studies[telling.paper] |= {study.trial_name, *study.trial_id.split(";")} - {""}
    languages = {o.paper: o.row["lang"] for o in evidence.observations}
    records = []
    for name, paper in sorted(papers.items()):
        lines = [("TY", "JOUR"), ("ID", name), ("TI", paper.about.get("title", name))]
        lines += [("DO", paper.about["doi"])] if "doi" in paper.about else []
        lines += [("LA", languages[name])] if languages.get(name) else []
        lines += [("KW", one) for one in sorted(studies[name])]
        if Path(paper.source).is_absolute():
            lines.append(("L1", Path(paper.source).as_uri()))
        lines.append(("ER", ""))
        records.append("".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines))
    return "\r\n".join(records)


def _line(value: str) -> str:
    return " ".join(value.split())
