"""An explanation as one self-contained page: no script, nothing from elsewhere, light and dark."""

from __future__ import annotations

from isa_extract.explain.account import MENTION, QUANTITY
from isa_extract.explain.families import FAMILIES
from isa_extract.explain.place import Explanation
from isa_extract.explain.terminal import PLACED
from isa_extract.pages import environment, printable


def render(explanation: Explanation) -> str:
    """The page as HTML; the same bytes for the same explanation."""
    page = environment("isa_extract.explain").get_template("explain.html")
    return printable(
        page.render(
            explanation=explanation, families=FAMILIES, mention=MENTION, quantity=QUANTITY, placed=PLACED
        )
    )
