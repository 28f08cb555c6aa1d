"""A project in miniature with its own git history, and the programs of `gold/`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "gold")]


@pytest.fixture
def extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor that finds what a file says."""
    import sets
    from miniature import extract_from_file

    monkeypatch.setattr(sets, "extract_with", extract_from_file)


@pytest.fixture
def project(tmp_path: Path, extractor: None) -> Path:
    """A project of one dev batch, its output accepted, its floor raised, all of it committed."""
    import gate
    from miniature import commit, git, make_batch

    root = tmp_path / "project"
    make_batch(root / "gold" / "dev" / "first")
    git(root, "init", "-q")
    commit(root)
    assert gate.main(["--root", str(root), "--accept", "--raise"]) == 0
    commit(root)
    return root


@pytest.fixture
def run_gate(project: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the gate on the project: its exit status and all that it printed."""
    import gate

    def run(*options: str) -> tuple[int, str]:
        capfd.readouterr()
        status = gate.main(["--root", str(project), *options])
        out, err = capfd.readouterr()
        return status, out + err

    return run
