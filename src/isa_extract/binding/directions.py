"""Direction words: which of two arms a sentence says has the higher value."""

from __future__ import annotations

import re

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.groups import Group
from isa_extract.binding.view import Reading, View
from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import Quantity
from isa_extract.records import Arm


def outside_brackets(text: str, start: int, end: int) -> str:
    """The text between two offsets less what stands in brackets, those open at ``start`` included."""
    kept: list[str] = []
    depth = 0
    for char in text[start:end]:
        if char in "([":
            depth += 1
        elif char in ")]":
            if depth:
                depth -= 1
            else:
                kept.clear()
        elif not depth:
            kept.append(char)
    return "".join(kept)


def improves(view: View) -> bool:
    return any(m.code == "up" for m in _near_directions(view)) or any(
        m.code == "down" and re.search(r"减低|降低|下降|reduc|lower|decreas|fell|减少|缩短", m.text)
        for m in _near_directions(view)
    )


def _near_directions(view: View) -> list[Mention]:
    """Direction words of the group's own clause."""
    text = view.text
    found = []
    names = view.passage.of("grade", "event", "endpoint")
    for m in view.passage.of("direction"):
        if any(n.start < m.end and m.start < n.end for n in names):
            continue  # 'grade 3 or worse', '中性粒细胞减少'
        if re.search(
            r"(?:\b(?:no|not|nor|never) (?:significantly )?|[未没][有见]?(?:明显|显著)?)$", text[: m.start]
        ):
            continue  # 'was no commoner (7.3% v 6.3%)'
        if re.match(r"\s+(?:rates|figures|values|numbers|proportions)\s*[,(:]", text[m.end :]):
            continue  # 'another assay gave lower rates, 58% and 29%'
        if view.left <= m.start and m.end <= view.group.start:
            gap = text[m.end : view.group.start]
            if (
                not re.search(r"[;。]|\b(?:whereas|while|but|although)\b|[而但](?!不)", gap)
                and gap.count(",") <= 1
            ):
                found.append(m)
        elif view.group.end <= m.start:
            # over later values in brackets too: 'PFS(a vs b)和OS(c vs d)均显著延长'
            gap = outside_brackets(text, view.group.end, m.start)
            joined = re.search(r",\s*(?:均|皆|都|both|all|each)[^,]*$", gap) or (
                gap.rstrip().endswith(",") and (m.text[0] == "均" or _favours(view, m))
            )
            far = re.search("[;。]", gap) or (not joined and _passes_values(view, m))
            if not far and gap.count(",") <= (2 if joined else 0) and len(gap) < 60:
                found.append(m)
    return found


def _passes_values(view: View, m: Mention) -> bool:
    """Whether values outside brackets stand between the group and the word."""
    depth = view.group.members[-1].depth
    return any(
        view.group.end <= q.start < m.start and (not q.depth or q.depth < depth)
        for q in view.passage.quantities
    )


def _favours(view: View, m: Mention) -> bool:
    """'60% against 16%, in favour of A': what is told is no harm, so A has the higher figure."""
    return re.match(
        r"in favou?r of|favou?ring", m.text, re.IGNORECASE
    ) is not None and not view.passage.between(view.left, view.group.start, "event")


def direction(view: View, subject: Arm) -> str:
    """``up`` or ``down``: what the clause says of the subject; empty where it says nothing or both."""
    ways = set()
    for m in _near_directions(view):
        code = m.code
        if code == "up" and re.search(r"改善|获益|improv|favou?r|superior|better|占优|优于", m.text):
            code = "up"
        reference = [a for a in view.arms if a.end <= m.start and a.arm == subject]
        beyond = [
            a
            for a in view.arms
            if a.start >= m.end
            and a.arm == subject
            and re.fullmatch(
                r"(?:于|见于|在|with|in|for|on|among|the|\s|of|则|出现)*", view.text[m.end : a.start]
            )
        ]
        than = [a for a in beyond if _measured_against(view, m, a)]
        if than and not reference:
            code = "down" if code == "up" else "up"
        ways.add(code)
    return ways.pop() if len(ways) == 1 else ""


def _measured_against(view: View, m: Mention, a: ArmMention) -> bool:
    """'高于Kd组' sets the subject against Kd; '更多见于Kd组' says it of Kd."""
    if re.search(r"见于|见长|为著|为多|在", m.text + view.text[m.end : a.start]):
        return False
    return m.text.endswith("于") or a.reference or re.search(r"than", view.text[m.end : a.start]) is not None


def oriented(group: Group, subject: Arm, other: Arm, way: str) -> tuple[Arm, ...] | None:
    """The only order in which ``subject`` has the higher (``up``) or lower value."""
    if not way:
        return None
    ranks = [_rank(q) for q in group.members]
    if ranks[0] == ranks[1]:
        return None
    first_is_subject = (ranks[0] > ranks[1]) == (way == "up")
    return (subject, other) if first_is_subject else (other, subject)


def _rank(q: Quantity) -> float:
    return float("inf") if q.qualifier in ("NR", "NE") else float(q.value)


def of_group_before(view: View, a: ArmMention) -> bool:
    """'71.9% in A versus 50.7% in B, and responses lasted longer (18.0 v 11.1)': B is told of 50.7% alone."""
    if a in view.used and a.end <= view.group.start:
        return True  # 'none of those given B, and grade 3 diarrhoea in 8% and 1%'
    both = a.arm in view.last and len(set(view.last)) > 1
    return both and re.search(r"[,;。]", view.text[view.left : a.start]) is None


def checked_by_direction(view: View, reading: Reading) -> Reading:
    """Turn a merely carried or listed order of two round where a direction word only fits the other."""
    if (
        len(view.group) != 2
        or view.group.effect
        or reading.everyone
        or reading.binding in ("explicit", "direction")
    ):
        return reading
    first, second = reading.arms
    if first is None or second is None:
        return reading
    ahead = [a for a in view.before() if not of_group_before(view, a)]
    named = [a for a in (*ahead, *view.behind()) if not a.reference]
    subject = named[0].arm if named and reading.binding == "order" and reading.mentions else None
    if subject is None and len({a.arm for a in named}) == 1:
        subject = named[0].arm
    if subject is None and reading.binding == "carried" and not reading.mentions:
        clause = view.text.rfind(";", 0, view.group.start) + 1
        stop = view.text.find(";", view.group.end)
        free = {
            a.arm for a in view.arms if not a.reference and clause <= a.start and (stop < 0 or a.end <= stop)
        }
        subject = (
            free.pop() if len(free) == 1 else None
        )  # 'B had more of x (9% vs 4%), and more of y (8% vs 3%)'
    if subject is None and reading.binding in ("carried", "order") and not reading.mentions:
        subject = view.study.experimental() if improves(view) else None
    if subject not in (first, second):
        return reading
    if _is_plain_list(view, reading):
        return reading
    way = direction(view, subject)
    other = second if subject == first else first
    turned = oriented(view.group, subject, other, way)
    if turned and turned != reading.arms:
        return Reading(
            turned,
            "direction",
            f"{subject.label} must be the {'higher' if way == 'up' else 'lower'} one",
            reading.mentions,
        )
    return reading


def _is_plain_list(view: View, reading: Reading) -> bool:
    """'A组和B组分别为…' says the order outright: no direction overrules it."""
    if len(reading.mentions) < 2:
        return False
    a, b = sorted(reading.mentions, key=lambda m: m.start)[:2]
    return (
        re.fullmatch(
            r"\s*(?:组|groups?|arms?)?\s*(?:和|与|及|、|,|and|, and|vs\.?|versus)\s*(?:the\s+)?",
            view.text[a.end : b.start],
        )
        is not None
    )
