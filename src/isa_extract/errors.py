"""What can go wrong, each as one line that names the paper, the reason and what to do."""

from __future__ import annotations


class IsaExtractError(Exception):
    """Base of every error that a user is meant to read; its text is one line."""


class PaperError(IsaExtractError):
    """One paper could not be read.

    Attributes:
        source: the paper's path as the user gave it.
        reason: what is wrong with it, in a few words.
        remedy: what the user can do about it; may be empty.
    """

    def __init__(self, source: str, reason: str, remedy: str = "") -> None:
        self.source = source
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{source}: {reason}" + (f" ({remedy})" if remedy else ""))

    def __reduce__(self) -> tuple[type[PaperError], tuple[str, str, str]]:
        return type(self), (self.source, self.reason, self.remedy)


class TableError(IsaExtractError):
    """A gold or evidence table is not valid; names file, line and column."""


class RuleError(IsaExtractError):
    """A rule or lexicon row is wrong: it names the file, the row and what it should have done."""


class OutputError(IsaExtractError):
    """The output folder or file cannot be written."""


class StoreError(OutputError):
    """The evidence store cannot be used: what is wrong with it, and what to do. It is left as it was."""
