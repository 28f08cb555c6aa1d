"""Where a sentence has a trial's name: not inside a longer one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from isa_extract.binding.trial_names import places_of

_PIECES = st.sampled_from(
    ["IKEMA", "IKEMA-2", "xIKEMA", "-", " ", "试验", "IKEM", "A", "A-A", "1", "IKEMAIKEMA"]
)


@given(st.lists(_PIECES, max_size=8).map("".join), st.sampled_from(["IKEMA", "A", "A-A", "IKEMA-2"]))
def test_places_are_those_of_the_name_between_other_signs(text: str, name: str) -> None:
    alone = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(name)}(?![A-Za-z0-9]|-\d)")
    assert list(places_of(name, text)) == [m.start() for m in alone.finditer(text)]
