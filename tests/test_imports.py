"""The rooms of the house: each imports only from those before it, and none knows of Prefect."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "isa_extract"

ROOMS = (
    "errors",
    "records",
    "vocabulary",
    "pages",
    "reading",
    "language",
    "rules",
    "finding",
    "binding",
    "checking",
    "evidence",
    "scoring",
    "report",
    "review",
    "pipeline",
    "console",
    "explain",
    "store_commands",
    "cli",
)
"""In order: a room may import from those to its left."""

COMMON = {"errors", "records", "vocabulary", "pages"}

ONLY_COMMON = {"reading", "language", "scoring"}
"""Rooms that stand by themselves: what is scored may come from anywhere, text may come from no file."""

HEAVY = (
    "jieba",
    "numpy",
    "pandas",
    "pdfplumber",
    "prefect",
    "rich.table",
    "scipy",
    "spacy",
    "starlette",
    "uvicorn",
)

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room a file belongs to; empty for the package's own ``__init__``."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported(path: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module that a file imports anywhere in it, with the line; relative ones spelt out."""
    package = ("isa_extract", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            whole = ".".join(part for part in (base, node.module) if part)
            # `from isa_extract import reading` names the room only in its alias
            names = [f"{whole}.{alias.name}" for alias in node.names] if whole == "isa_extract" else [whole]
            yield from ((node.lineno, name) for name in names)


def misplaced(path: Path, source: str) -> list[str]:
    """The imports of a file that the order of the rooms does not allow."""
    room = room_of(path)
    faults = []
    for line, module in imported(path, ast.parse(source)):
        parts = module.split(".")
        if parts[0] == "prefect":
            faults.append(f"{path.name}:{line} imports {module}")
        if parts[0] != "isa_extract" or len(parts) < 2 or not room:
            continue
        other = parts[1]
        allowed = COMMON if room in ONLY_COMMON else set(ROOMS[: ROOMS.index(room)])
        if other != room and other not in allowed:
            faults.append(f"{path.name}:{line}: {room} may not import from {other}")
    return faults


def test_every_room_has_its_place():
    assert {room_of(path) for path in FILES} - {""} <= set(ROOMS)
    assert len(FILES) > 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_import_only_from_their_left(path):
    assert misplaced(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("finding/x.py", "from isa_extract.binding.arms import Arm"),
        ("finding/x.py", "from isa_extract import cli"),
        ("finding/x.py", "from ..evidence import table"),
        ("finding/x.py", "def f():\n    import isa_extract.pipeline"),
        ("language/x.py", "from isa_extract.reading import read"),
        ("scoring/x.py", "from isa_extract.evidence.table import evidence_table"),
        ("pipeline/x.py", "import prefect.flows"),
        ("errors.py", "from isa_extract.records import Span"),
    ],
)
def test_a_misplaced_import_is_seen(place, line):
    assert len(misplaced(PACKAGE / place, line)) == 1


def test_nothing_heavy_is_imported_for_help():
    script = (
        "import sys\nfrom isa_extract.cli import main\nsys.argv = ['isa-extract', '--help']\n"
        f"try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'loaded for --help: {loaded}' if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "extract" in done.stdout
