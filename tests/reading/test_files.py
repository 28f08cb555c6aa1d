"""Which files are papers and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract.reading import find_papers


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def found(root: Path, *inputs: Path) -> list[tuple[str, str]]:
    return [(p.relative_to(root).as_posix(), doc) for p, doc in find_papers(inputs or [root])]


def test_folders_are_searched_and_sorted(tmp_path: Path) -> None:
    touch(tmp_path, "b.txt", "a/z.PDF", "a/notes.md", ".hidden/q.pdf", "a/._z.pdf")
    assert found(tmp_path) == [("a/z.PDF", "z"), ("b.txt", "b")]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["a/x.pdf", "b/x.pdf", "b/y.pdf"], ["a/x", "b/x", "y"]),
        (["a/x.pdf", "a/x.txt"], ["a/x.pdf", "a/x.txt"]),
        (["1/a/x.pdf", "2/a/x.pdf"], ["1/a/x", "2/a/x"]),
    ],
)
def test_stems_that_meet(tmp_path: Path, names: list[str], ids: list[str]) -> None:
    touch(tmp_path, *names)
    assert [doc for _, doc in find_papers([tmp_path])] == ids
    backwards = find_papers([tmp_path / name for name in reversed(names)])
    assert sorted(doc for _, doc in backwards) == sorted(ids)


def test_twice_given_is_read_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt")
    assert found(tmp_path, tmp_path, tmp_path / "a.txt", tmp_path) == [("a.txt", "a")]


def test_wrong_inputs_stay_to_be_refused(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", "c.docx")
    (tmp_path / "empty").mkdir()
    inputs = [tmp_path / name for name in ("none.pdf", "a.txt", "c.docx", "empty")]
    assert found(tmp_path, *inputs) == [
        ("none.pdf", "none"),
        ("a.txt", "a"),
        ("c.docx", "c"),
        ("empty", "empty"),
    ]
