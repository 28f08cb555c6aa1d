"""Text under the lamp: what each rule saw in a sentence, what each reader said, and what decided."""

from isa_extract.explain.account import paper_of

__all__ = ["paper_of"]
