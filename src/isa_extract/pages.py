"""Self-contained HTML pages: one way to fill templates, and one to write a page whole or not at all."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isa_extract.errors import OutputError

if TYPE_CHECKING:
    from jinja2 import Environment

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def environment(package: str, folder: str = "templates") -> Environment:
    """The templates in a package's folder: everything is escaped, and an undefined name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def printable(page: str) -> str:
    """The page without the characters that HTML does not allow; a lone surrogate becomes '?'."""
    return _UNPRINTABLE.sub(" ", page).encode("utf-8", "replace").decode("utf-8")


def write_whole(path: Path, page: str) -> None:
    """Write a page as UTF-8, whole or not at all.

    Raises:
        OutputError: if the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(printable(page), encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
