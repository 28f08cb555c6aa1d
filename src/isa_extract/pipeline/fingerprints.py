"""What a stage's result depends on, as a fingerprint: its modules, its rules, the libraries it stands on.

What a paper gave before can be used again as long as the paper's bytes and the fingerprint are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from isa_extract.rules.rulebook import rulebook

_READING: Final = ("records.py", "errors.py", "reading")
_READING_LIBRARIES: Final = (
    *("pdfplumber", "pdfminer.six", "pypdfium2", "pikepdf", "lxml", "numpy", "rapidocr", "onnxruntime"),
)
_BINDING: Final = ("vocabulary.py", "language", "rules", "finding", "binding", "checking")
_BINDING_LIBRARIES: Final = ("jieba", "spacy", "pyahocorasick")
_TABULATING: Final = ("table.py", "statements.py", "normal_forms.py", "studies.py", "silences.py")


@cache
def reading_key() -> str:
    """Of what turns a file into a ``Paper``."""
    return _digest(_sources(files("isa_extract"), _READING), _versions(_READING_LIBRARIES))


@cache
def binding_key() -> str:
    """Of what turns a ``Paper`` into rows, the rulebook among it; another one with another ``reading_key``."""
    sources = [
        *_sources(files("isa_extract"), _BINDING),
        *_sources(files("isa_extract") / "evidence", _TABULATING),
    ]
    rules = (files("isa_extract") / "rules" / "silences.toml").read_text(encoding="utf-8")
    told = [reading_key(), rulebook().fingerprint, rules]
    return _digest(told, sources, _versions(_BINDING_LIBRARIES))


def _digest(*parts: Iterable[str]) -> str:
    return sha256("\x1f".join(text for part in parts for text in part).encode()).hexdigest()[:16]


def _sources(home: Traversable, names: Iterable[str]) -> list[str]:
    """Each module's path and text; a name that ends in ``.py`` is a file, another a folder."""
    found = []
    for name in names:
        entry = home / name
        if name.endswith(".py"):
            found += [name, entry.read_text(encoding="utf-8")]
        else:
            inside = sorted(one.name for one in entry.iterdir() if one.name.endswith(".py") or one.is_dir())
            found += [name, *_sources(entry, [one for one in inside if one != "__pycache__"])]
    return found


def _versions(packages: Iterable[str]) -> list[str]:
    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} -")
    return found
