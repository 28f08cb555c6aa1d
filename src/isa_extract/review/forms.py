"""What a reviewer sends becomes a decision, by the functions that `isa-extract decide` calls."""

from __future__ import annotations

from collections.abc import Mapping

from isa_extract.evidence.deciding import DecisionError, decide_row, decide_studies, row_of, take_back
from isa_extract.evidence.store import Landed, open_store, snapshot
from isa_extract.evidence.store.snapshot import keys_of_row
from isa_extract.pages import printable
from isa_extract.review.cards import CORRECTABLE, fingerprint


def decide_from(store: str, form: Mapping[str, str]) -> Landed:
    """Put in what a form says.

    Args:
        store: path or URL.
        form: ``action``, ``who``, ``why``; for a row ``row``, ``seen`` and ``set-COLUMN`` cells; for studies
            ``one`` and ``other``; for taking back ``number``.

    Raises:
        DecisionError: if it makes no sense, or the row is no longer what the reviewer saw.
        StoreError: if the store cannot be written.
    """
    action = form.get("action", "")
    who, why = _line(form, "who"), _line(form, "why")
    if not who or not why:
        raise DecisionError(
            f"Say {'who decides' if not who else 'why'}: a decision needs a name and a reason."
        )
    with open_store(store) as opened:
        if action == "take-back":
            number = form.get("number", "")
            if not number.isdecimal() or len(number) > 9:
                raise DecisionError(f"{number}: not the number of a decision")
            return take_back(opened, int(number), who=who, why=why)
        if action in ("same", "different"):
            one, other = _line(form, "one"), _line(form, "other")
            return decide_studies(opened, action, one, other, who=who, why=why)
        row = form.get("row", "")
        with opened.read() as connection:
            evidence = snapshot(connection, near=keys_of_row(connection, row))
        observation = row_of(evidence, row)
        standing = [claim for claim in evidence.claims if claim.observation is observation]
        if [fingerprint(claim) for claim in standing] != [form.get("seen", "")]:
            raise DecisionError(
                "This row has changed since the page was shown. Look at it again, then decide."
            )
        change = {}
        if action == "correct":
            change = {
                name: cell
                for name in CORRECTABLE
                if f"set-{name}" in form and (cell := _line(form, f"set-{name}")) != observation.row[name]
            }
            if not change:
                raise DecisionError(
                    "Nothing was corrected: all cells are as they were read. Change one, or accept."
                )
        return decide_row(opened, action, observation.evidence_id, who=who, why=why, change=change)


def _line(form: Mapping[str, str], name: str) -> str:
    """A field as one line, without characters that no page may hold."""
    return " ".join(printable(form.get(name, "")).split())
