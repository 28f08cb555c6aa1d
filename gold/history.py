"""The last commit's version of a file of this project."""

from __future__ import annotations

import subprocess
from pathlib import Path


def committed(root: Path, path: Path) -> str | None:
    """The text of `path` in the last commit; None where there is none, or no git."""
    name = path.relative_to(root).as_posix()
    try:
        shown = subprocess.run(["git", "show", f"HEAD:./{name}"], cwd=root, capture_output=True, check=False)
    except OSError:
        return None
    return shown.stdout.decode("utf-8") if shown.returncode == 0 else None


def has_history(root: Path) -> bool:
    """Whether there is a last commit to compare with."""
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "HEAD"], cwd=root, capture_output=True, check=False
        )
    except OSError:
        return False
    return asked.returncode == 0
