"""What the words in a table mean: endpoint, unit, grade, subset, time point, kind of column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from isa_extract.binding.endpoints import Endpoint, endpoint_mentions
from isa_extract.binding.grades import grade
from isa_extract.binding.grids import Entry
from isa_extract.binding.passages import Passage
from isa_extract.binding.slots import followup, landmarks, stage_of
from isa_extract.binding.subsets import subgroup_mentions
from isa_extract.finding.lexicons import chinese_terms
from isa_extract.finding.match import Mention, find
from isa_extract.finding.regimen_labels import Regimens
from isa_extract.finding.regimens import RegimenMention, regimen_mentions
from isa_extract.language.normal import Folded
from isa_extract.language.segment import Sentence, split

_KINDS = {
    "p": r"(?:log-?rank\s*)?[Pp]\s*(?:-?\s*values?|值)?\s*(?:\(.*\))?",
    "ci": r"\(?\s*9\d(?:\.\d+)?\s*%\s*(?:CI|置信区间|可信区间|confidence intervals?)\s*\)?",
    "size": r"(?:n|N|(?:No\.?|[Nn]umbers?)(?: of)?(?: patients| participants| cases)?|[Pp]atients?|[Pp]ts\.?|[Ss]ample size|[Ee]nrol\w+|"
    r"(?:入组|患者|病例|样本|可评估)?(?:例数|人数|病例|样本量|患者数|数量))(?:\s*,?\s*(?:n|N|No\.))?\s*(?:[(/,]\s*(?:n|例|人|No\.)\s*\)?)?",
    "test": r"(?:χ\^?2|χ2|[tFZUH]|I\^?2|统计量|[Ww]eights?|权重|[Dd]ifferences?|差值)\s*(?:值|/?\s*%)?",
    "phase": r"(?:试验)?(?:分期|期别|期|phase)",
    "id": r".*(?:登记号|注册号|[Rr]egist|NCT|ClinicalTrials).*",
    "study": r"(?:.*(?:研究|试验|文献|作者|[Ss]tud(?:y|ies)|[Tt]rials?|[Aa]uthors?|[Rr]eferences?|[Ss]ource)(?:名称|项目|编号| name| acronym)?"
    r"(?:\s*[(/,].*)?)",
    "control": r".*(?:[Cc]ontrol|[Cc]omparator|对照).*",
    "arm": r".*(?:方案|治疗(?:组|措施|方式)?$|治疗$|组别|分组|药物|干预|用药|[Aa]rms?\b|[Rr]egimens?|[Tt]reatments?\b|[Tt]herap(?:y|ies)|[Gg]roups?\b|[Dd]rugs?\b|"
    r"[Ii]nterventions?|[Aa]gents?|[Ee]xperimental|试验组|实验组|观察组).*",
    "followup": r".*(?:随访|[Ff]ollow-?\s?up).*",
}  # fmt: skip
_NO_ARMS = re.compile(
    r"亚组|既往|线数|剂量|周期|阶段|subgroup|prior|previous|dose|dosage|schedule|cycle|duration|line|discontinu|response",
    re.IGNORECASE,
)
_TIME_UNITS = {
    "month": r"(?:个?月|months?\b|mos?\b)", "year": r"(?:年|years?\b|yrs?\b)", "week": r"(?:周|weeks?\b|wks?\b)",
    "day": r"(?:天|days?\b)",
}  # fmt: skip
_WHOLE = re.compile(
    r"\b(?:all|total|overall|whole|entire|pooled)\b|合计|总(?:体|计|人群)|全体|全部|所有", re.IGNORECASE
)
_BARE_TIME = re.compile(
    r"(?<![\d.])(\d{1,3}|[一二两三四五])\s*-?\s*(个月|月|年|周|天|months?|mo\b|years?|yr|weeks?|wk|days?)(?!\s*(?:follow|old|随访))",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r".*(?:[Pp]opulation|[Pp]atients?|人群|对象|疾病|瘤种|癌种|[Dd]isease|[Ss]etting|[Ii]ndication|(?:[Tt]umou?r|[Cc]ancer) type|[Hh]istolog\w+|[Ee]ligib\w+|"
    r"[Ii]nclusion|[Cc]haracteristics|[Ll]ines?(?: of (?:therapy|treatment))?|线数|治疗线|设计|[Dd]esign|[Cc]ountry|[Rr]egion|国家|地区|年份|[Yy]ear|[Jj]ournal|"
    r"[Mm]asking|[Bb]linding|(?:[Pp]rimary|[Mm]ain) end ?points?|(?:主要|研究)终点|[Cc]omments?|[Rr]emarks?|备注|[Ss]tatus|状态).*",
)  # fmt: skip
_BEFORE = re.compile(
    r"(?:(?:at\s+)?baseline|pre-?\s?(?:treatment|operati\w+|intervention)|before(?: the)? (?:treatment|therapy|intervention|surgery)"
    r"|(?:治疗|干预|化疗|放疗|用药|手术|护理|给药|术|入组|入院)(?:之)?(?:前|时)|基线(?:值|时)?)(?:\s*[,(\[].*)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:post-?\s?(?:treatment|operati\w+|intervention)|(?:after|end of)(?: the)? (?:treatment|therapy|intervention|surgery)"
    r"|(?:治疗|干预|化疗|放疗|用药|手术|护理|给药|术)(?:结束)?(?:之)?后)(?:\s*[,(\[].*)?",
    re.IGNORECASE,
)
_SPREAD = re.compile(r"\(?\s*(?:x\S{0,3}|mean|均数)\s*±\s*(?:s|SD|标准差)\.?\s*\)?", re.IGNORECASE)
_UNIT_CODES = {
    "月": "month",
    "个月": "month",
    "mo": "month",
    "年": "year",
    "yr": "year",
    "周": "week",
    "wk": "week",
    "天": "day",
}
_FIGURES = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5"}


@dataclass(frozen=True)
class Label:
    """A heading, a row's name or any other words of a table, with all that they say."""

    text: str
    passages: tuple[Passage, ...] = field(default=(), compare=False)

    @cached_property
    def kind(self) -> str:
        """``p``, ``ci``, ``size``, ``test``, ``phase``, ``id``, ``study``, ``arm``, ``control``, ``followup`` or empty."""
        words = self.text.strip(" *†‡")
        for kind, pattern in _KINDS.items():
            if re.fullmatch(pattern, words, re.IGNORECASE if kind in ("phase", "ci") else 0):
                if kind in ("arm", "control") and (_NO_ARMS.search(words) or self.endpoints):
                    continue
                return kind
        return ""

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints named, general ones left out beside particular ones and explanations in brackets."""
        named = [e for p in self.passages for e in endpoint_mentions(p)]
        outside = [e for e in named if self.text.count("(", 0, e.start) == self.text.count(")", 0, e.start)]
        named = outside or named
        particular = [e for e in named if e.term or e.code != "AE"]
        return tuple({(e.code, e.term): e for e in particular or named}.values())

    @cached_property
    def is_adverse(self) -> bool:
        """Whether adverse events in general are meant."""
        return any(e.code == "AE" and not e.term for p in self.passages for e in endpoint_mentions(p))

    @cached_property
    def statistic(self) -> str:
        """A ratio's code, ``mean``, or empty."""
        plain = re.sub(r"\(.*|\[.*|,.*|/.*", "", self.text).strip()
        short = {"HR": "hazard_ratio", "aHR": "hazard_ratio", "OR": "odds_ratio", "RR": "risk_ratio"}.get(
            plain
        )
        told = [m.code for p in self.passages for m in p.of("statistic")]
        if short or told:
            return short or told[0]
        return "mean" if any(p.of("mean") for p in self.passages) else ""

    @cached_property
    def is_either_ratio(self) -> bool:
        """'HR or OR': which of the two, the endpoint tells."""
        return (
            re.search(r"HR\s*(?:/|or|或|,)\s*(?:OR|RR)|(?:OR|RR)\s*(?:/|or|或|,)\s*HR", self.text) is not None
        )

    @cached_property
    def unit(self) -> str:
        """``%`` or a unit of time that the words give to the values beneath or beside them."""
        words = re.sub(r"\d+(?:\.\d+)?\s*%\s*(?:CI|置信区间|可信区间|confidence intervals?)?", " ", self.text)
        if "%" in words or re.search(r"per ?cent|百分", words):
            return "%"
        words = re.sub(
            r"(?<![\d.])\d+\s*-?\s*(?:个?月|年|周|天|months?|years?|weeks?|days?|mo\b)", " ", words
        )
        for code, pattern in _TIME_UNITS.items():
            if re.search(
                rf"(?:^|[/(\[,，、;\s]|\bin\s|期|时间|PFS|OS|DOR|TTP)\s*{pattern}(?=\s*(?:[)(\[\],;/]|$))",
                words,
                re.IGNORECASE,
            ):
                return code
        return ""

    @cached_property
    def is_share(self) -> bool:
        """Whether counts stand with their percentages: 'n (%)'."""
        return re.search(r"\(\s*%\s*\)|(?:n|No\.?|例数?)\s*[(/,]\s*%", self.text) is not None

    @cached_property
    def is_count(self) -> bool:
        """'n', '例', 'No. of patients': a column or row of counts."""
        return (
            self.kind == "size"
            or re.search(r"(?:,|\()\s*(?:n|例|No\.?)\s*\)?\s*$|/\s*例$", self.text) is not None
        )

    @cached_property
    def has_range(self) -> bool:
        """Whether what stands in brackets is a range rather than a confidence interval."""
        return re.search(r"\brange|IQR|四分位|范围", self.text) is not None and "CI" not in self.text

    @cached_property
    def level(self) -> str:
        """The level of the intervals: ``95``."""
        match = re.search(
            r"(\d{2}(?:\.\d+)?)\s*%\s*-?\s*(?:CI|置信区间|可信区间|confidence)", self.text, re.IGNORECASE
        )
        return match[1] if match else ""

    @cached_property
    def grade(self) -> str | None:
        """A grade, an empty text for 'any grade', None where none is told or several are."""
        told = {grade(m) for p in self.passages for m in p.of("grade")}
        if not told:
            bare = re.fullmatch(
                r"(?:G|Gr\.?\s*)?(?P<op>[≥>]=?)?\s*(?P<low>[1-5])(?:\s*[-/~]\s*(?P<high>[2-5]))?(?:\s*级)?(?:,?\s*(?:n\s*)?\(?%\)?)?",
                self.text,
            )
            if bare:
                told = {
                    (">=" if bare["op"] else "") + bare["low"] + (f"-{bare['high']}" if bare["high"] else "")
                }
            elif re.match(
                r"(?:Any|All|总发生率|任何|所有|全部)(?:\s*(?:grades?|级别))?\s*(?:,?\s*(?:n\s*)?\(?%?\)?)?$",
                self.text,
                re.IGNORECASE,
            ):
                told = {""}
        return told.pop() if len(told) == 1 else None

    @cached_property
    def timepoint(self) -> str:
        """A landmark: ``12 month``."""
        for p in self.passages:
            for m in p.of("landmark"):
                times = landmarks(m)
                if len(times) == 1:
                    return times[0]
        match = _BARE_TIME.search(self.text)
        if not match:
            return ""
        unit = match[2].lower()
        return f"{_FIGURES.get(match[1], match[1])} {_UNIT_CODES.get(unit, unit.rstrip('s'))}"

    @cached_property
    def followup(self) -> str:
        """A follow-up told in the words themselves."""
        told = [m for p in self.passages for m in p.of("followup")]
        return followup(told[-1]) if told else ""

    @cached_property
    def subgroup(self) -> str:
        """A subset of the patients."""
        told = [code for p in self.passages for _, _, code in subgroup_mentions(p)]
        return told[0] if len(set(told)) == 1 else ""

    @cached_property
    def stage(self) -> str:
        """A part or phase of treatment."""
        told = [m for p in self.passages for m in p.of("stage")]
        return stage_of(told[0]) if told else ""

    @cached_property
    def threshold(self) -> str:
        """The sensitivity of an MRD result."""
        told = [m for p in self.passages for m in p.of("threshold")]
        return f"10^-{told[0].part('power')}" if told else ""

    @cached_property
    def is_aside(self) -> bool:
        """Whether a column of this head tells of the study as a whole: its patients, design, endpoints."""
        return _ASIDE.fullmatch(self.text) is not None and not self.endpoints

    @cached_property
    def is_before(self) -> bool:
        """Whether it says that the values are those before treatment: 'Baseline', '治疗前'."""
        return _BEFORE.fullmatch(self.text.strip(" *†‡")) is not None

    @cached_property
    def is_after(self) -> bool:
        """Whether it only says that the values are those after treatment."""
        return _AFTER.fullmatch(self.text.strip(" *†‡")) is not None

    @cached_property
    def is_spread(self) -> bool:
        """'x̄±s', 'mean ± SD': how the values beneath or beside are written."""
        return _SPREAD.fullmatch(self.text) is not None

    @cached_property
    def is_whole(self) -> bool:
        """'All patients', '合计'."""
        return _WHOLE.search(self.text) is not None

    @cached_property
    def regimens(self) -> tuple[RegimenMention, ...]:
        """The treatments named."""
        return tuple(r for p in self.passages for r in p.regimens)

    @cached_property
    def citations(self) -> tuple[int, ...]:
        """Reference numbers that stand with the words."""
        return tuple(dict.fromkeys(n for p in self.passages for c in p.sentence.citations for n in c.numbers))


NO_LABEL = Label("")


class Labels:
    """Reads the words of a paper's tables; each text once.

    Args:
        regimens: what the running text's labels stand for; the tables' own drugs are added.
        texts: every text of the tables that is not a value.
    """

    def __init__(self, regimens: Regimens, texts: Iterable[Entry]) -> None:
        self._read: dict[str, Label] = {}
        self._found = {text: _found(e) for text, e in {e.text: e for e in texts}.items()}
        named = {m.code for found in self._found.values() for _, ms in found for m in ms if m.kind == "drug"}
        self.regimens = Regimens(regimens.named | named)
        self.regimens.defined.update(regimens.defined)

    def of(self, entry: Entry | None) -> Label:
        """The label that an entry is."""
        return self.text(entry.text, entry) if entry is not None else NO_LABEL

    def text(self, text: str, entry: Entry | None = None) -> Label:
        """The label that a text is."""
        if text not in self._read:
            found = self._found.get(text)
            if found is None:
                found = _found(entry or Entry(text, tuple(range(len(text))), text))
            made = [
                Passage(i, s, ms, (), tuple(regimen_mentions(s.text, ms, self.regimens)))
                for i, (s, ms) in enumerate(found)
            ]
            self._read[text] = Label(text, tuple(made))
        return self._read[text]


def _found(entry: Entry) -> list[tuple[Sentence, tuple[Mention, ...]]]:
    folded = Folded(entry.text, entry.origin, entry.citations)
    return [(s, find(s)) for s in split(folded, words=chinese_terms())]


def first(labels: Sequence[Label], name: str) -> str:
    """The first text that a label of the list gives for a property; empty if none does."""
    return next((value for label in labels if (value := getattr(label, name))), "")
