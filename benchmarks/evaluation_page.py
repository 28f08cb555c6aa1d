"""Where `docs/evaluation.md` keeps the figures that a script makes: between two comments that name them."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def when() -> str:
    """The date and the commit that the tree is at, and whether it has been changed since."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=, changed since", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return f"{date.today().isoformat()}, commit {told.stdout.strip() or 'unknown'}"


def put(name: str, text: str) -> None:
    """Replace what stands at the place called `name`.

    Raises:
        LookupError: if the document has no such place.
    """
    path = ROOT / "docs" / "evaluation.md"
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    page, found = place.subn(lambda m: f"{m[1]}{text}\n{m[2]}", path.read_text(encoding="utf-8"))
    if not found:
        raise LookupError(f"{path}: there is no place marked <!-- {name} -->")
    path.write_text(page, encoding="utf-8", newline="\n")
