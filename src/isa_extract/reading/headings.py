"""What a line says about itself by its words: heading, caption, running line, end of a sentence.

Both doors (PDF and plain text) ask these questions; geometry is asked elsewhere.
"""

from __future__ import annotations

import re

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SPACE = re.compile(r"\s+")

# 3.1. Title · 3.1 标题 · 1 资料与方法 · 1. Introduction · 一、标题 · （二）标题 · IV. Results
_NUMBERED = re.compile(
    rf"""(?:
        \d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}}[.．]?\s*(?=[A-Z{HAN}])
      | \d{{1,2}}[.．]\s*(?=[A-Z{HAN}])
      | \d{{1,2}}\s+(?=[A-Z{HAN}])
      | [一二三四五六七八九十]{{1,3}}\s*[、.．]\s*
      | [(（][一二三四五六七八九十]{{1,3}}[)）]\s*
      | (?:I{{1,3}}|IV|VI{{0,3}}|IX|X)\.\s+(?=[A-Z])
    )\S""",
    re.VERBOSE,
)

_NUMBERED_PREFIX = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[一二三四五六七八九十]{1,3}[、.])\s*")
_ABSTRACT_LEAD = re.compile(
    rf"[【\[［]\s*(?:中文|英文)?\s*(?:摘\s*要|提\s*要|(?i:abstract|summary))\s*[】\]］]"
    rf"|(?:摘\s*要|提\s*要|ABSTRACT|Abstract|SUMMARY|Summary)\s*(?:$|[:：]|(?=[A-Z{HAN}])|\s+(?=[A-Z{HAN}]))",
)
_KEYWORDS_LEAD = re.compile(
    r"[【\[［]?\s*(?:关\s*键\s*词|key\s?-?words?)\s*(?:$|[】\]］:：]|\s)", re.IGNORECASE
)
_FRONT_LEAD = re.compile(
    r"copyright\b|©|open access|received\b|accepted\b|published\b|available online|correspond(?:ing|ence)\b"
    r"|e-?mail\b|收稿日期|接收日期|录用日期|发布日期|修回日期|作者单位|作者简介|通信作者|通讯作者|第一作者"
    r"|基金项目|中图分类号|文献标识码|文章编号|引用本文|引用格式|本文引用|文章引用|DOI\b|https?://|版权"
    r"|this work is licensed",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"[【\[［]?\s*(?:主要)?(?:参\s*考\s*文\s*献|references?(?:\s+and\s+notes)?|bibliography|literature cited)"
    r"\s*(?:[(（]\s*references?\s*[)）])?\s*[】\]］]?\s*[:：]?$",
    re.IGNORECASE,
)
_BACK_LEAD = re.compile(
    r"[【\[［]?\s*(?:致\s*谢|利益冲突|作者贡献|伦理(?:声明|审批|批准)|数据可用性|开放获取|基金(?:资助|支持)|资助声明"
    r"|acknowledge?ments?|conflicts?\s+of\s+interests?|competing\s+interests?|declarations?\s+of\s+interests?"
    r"|disclosures?|disclosure\s+statement|funding|financial\s+support|author(?:s['’]?)?\s+contributions?"
    r"|contributors|data\s+(?:availability|sharing)|ethics\s+(?:statement|approval|declarations?)"
    r"|supplementary\s+(?:materials?|information)|role\s+of\s+the\s+funding\s+source|abbreviations"
    r"|publisher['’]s\s+note|orcid|consent\s+for\s+publication)\b",
    re.IGNORECASE,
)
_BODY_WORDS = re.compile(
    r"(?:引\s*言|前\s*言|概\s*述|背景|绪论|介绍|资料与方法|资料和方法|材料与方法|对象与方法|方\s*法|结\s*果|讨\s*论"
    r"|结\s*论|小\s*结|总\s*结|结\s*语|展\s*望|小结与展望|总结与展望|结论与展望"
    r"|introduction|background|(?:materials?\s+and\s+|patients\s+and\s+)?methods?|results?|discussion"
    r"|conclusions?|concluding\s+remarks|future\s+(?:directions|perspectives?)|results\s+and\s+discussion)"
    r"\s*[:：]?$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:续?表|图)\s*[A-Za-z]?\s*\d{1,2}(?:[-.－]\d{1,2})?\s*(?:[.:：、．]|\s|(?=[^\d\s和与及、，,中所可示显)）]))"
    r"|(?:Table|Figure|Fig\.?|TABLE|FIGURE|FIG\.?|Supplementary\s+Table)\s*(?:S?\d{1,2}|[IVX]{1,4})\s*(?:[.:|]|\s*$|\s+(?=[A-Z])|(?=[(（,，]?\s*(?i:cont(?:inued|['’]d|d\b|\.))))"
)
CAPTION_INITIALS = "续表图TFS"  # no caption begins with another character
_TABLE_CAPTION = re.compile(
    r"(?:续?表\s*[A-Za-z]?\s*\d|(?:supplementary\s+)?table\s*(?:S?\d|[IVX]{1,4}\b))", re.IGNORECASE
)
# 'Note:', a mark, or the abbreviations at once: 'ORR, overall response rate; CR=complete response'
_TABLE_NOTE = re.compile(
    r"(?i:注|注释|说明|备注|notes?|abbreviations?|缩写)\s*[:：.]|[*†‡§#¶]|(?i:[a-d]\s*[:：])"
    r"|[A-Z][A-Za-z0-9-]{1,9}\s?(?:[,，=:：]|为|indicates)\s?[^;；]{2,60}[;；]\s*[A-Z][A-Za-z0-9-]{1,9}\s?(?:[,，=:：]|为)"
)
# a full stop, closing marks, citations; or a full stop after a letter or bracket and bare citation numbers
_END = re.compile(
    r"""(?:[。！？!?.](?:["'”’）)\]】》]|\s)*(?:\s*\[[\d\s,，、–—~～-]+\])*\s*
      | (?<=[^\d\s])[.。]["'”’）)\]]?\s?\d{1,3}(?:\s?[,，–—-]\s?\d{1,3})*\s*)$""",
    re.VERBOSE,
)
_LAST = "。！？!?.\"'”’）)]】》"  # what the pattern may end with, or a digit
_ABBREVIATED = re.compile(r"\b(?:vs|al|e\.g|i\.e|cf|Figs?|Dr|No|approx|ca|resp|St|Prof|Drs)\.\s*$")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—·•|]\s*)?(?:e|S|A)?\d{1,5}(?:\s*[-–—·•|])?$|[ivxlc]{1,6}$"
    r"|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?$|(?:page|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?$|\d+\s*/\s*\d+$",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    rf"^DOI\s*[:：]?\s*10\.\d{{4,}}|^(?:https?://|www\.)\S+(?:\s+\d{{1,4}})?$|^[{HAN}]{{2,4}}(?:[，,、\s]+[{HAN}]{{2,4}}){{0,2}}\s*等\.?$"
    rf"|^(?:[A-Z][\w’'-]+\s*){{1,3}}(?:[A-Z]{{1,3}}\s+)?et\s+al\.?$"
    rf"|\b(?:Vol|VOL)\.?\s*\d+\b.*(?:\bNo\.?\s*\d+|\b(?:19|20)\d\d\b)|(?:19|20)\d\d\s*年\s*\d+\s*月\s*第\s*\d+\s*卷"
    rf"|第\s*\d+\s*卷\s*第\s*\d+\s*期|^CC BY\b|\bISSN\b|^Downloaded from\b|^下载"
)
_VOLUME_END = re.compile(r"\b(?:Vol|No|VOL|NO)\.\s?\d+\)?$")


def squeezed(text: str) -> str:
    """The text without any white space."""
    return _SPACE.sub("", text)


def is_abstract_lead(text: str) -> bool:
    """Whether the text is, or begins with, the word for an abstract."""
    return bool(_ABSTRACT_LEAD.match(text.strip()))


def is_keywords_lead(text: str) -> bool:
    """Whether the text is, or begins with, 'Keywords'."""
    return bool(_KEYWORDS_LEAD.match(text.strip()))


def is_front_lead(text: str) -> bool:
    """Whether the text begins as front matter does: dates, addresses, licence, DOI."""
    return bool(_FRONT_LEAD.match(text.strip()))


def is_references_heading(text: str) -> bool:
    """Whether the text is the heading of the reference list."""
    return bool(_REFERENCES.match(text.strip()) or _REFERENCES.match(_NUMBERED_PREFIX.sub("", text.strip())))


def is_back_lead(text: str) -> bool:
    """Whether the text begins as acknowledgements, conflicts of interest or funding do."""
    return bool(_BACK_LEAD.match(_NUMBERED_PREFIX.sub("", text.strip())))


def is_body_heading(text: str) -> bool:
    """Whether the text is the usual heading of a part of the body."""
    return bool(_BODY_WORDS.match(_NUMBERED_PREFIX.sub("", text.strip())))


def is_numbered(text: str) -> bool:
    """Whether the text begins with a heading's number."""
    return bool(_NUMBERED.match(text.strip()))


def is_bare_numbered(text: str) -> bool:
    """Whether the heading's number has no point, as in '2 资料与方法': so may a sentence begin."""
    return bool(re.match(r"\d{1,2}\s", text.strip()))


def is_named_heading(text: str) -> bool:
    """Whether the whole text is a heading known by its words alone."""
    text = text.strip()
    if len(text) > 60 or ends_sentence(text):
        return False
    return (
        is_references_heading(text)
        or is_body_heading(text)
        or bool(
            re.fullmatch(
                r"(?:摘\s*要|提\s*要|abstract|summary|关\s*键\s*词|key\s?-?words?)\s*[:：]?",
                text,
                re.IGNORECASE,
            )
        )
        or (is_back_lead(text) and len(text) <= 45 and not re.search(r"[，,:：]", text))
    )


def is_numbered_heading(text: str) -> bool:
    """Whether the whole text looks like a numbered heading: short, no clause marks, no full stop."""
    text = text.strip()
    return (
        is_numbered(text)
        and len(text) <= 90
        and not re.search(r"[，。；;！？!?]|,\s|[.,、]$|\b(?:and|or|of|the|with|in)$", text)
        # a heading run in: the paragraph's first sentence follows on the line
        and not re.search(r"[a-z)\]]\.\s+[A-Z]", text)
    )


def is_caption(text: str) -> bool:
    """Whether the text begins as the caption of a figure or table does."""
    return bool(_CAPTION.match(text.strip()))


def is_table_caption(text: str) -> bool:
    """Whether the text begins as the caption of a table does."""
    return is_caption(text) and bool(_TABLE_CAPTION.match(text.strip()))


def is_marked_caption(text: str) -> bool:
    """Whether a caption sets its number off by a mark, as a sentence that begins with 'Table 2' does not."""
    found = _CAPTION.match(text.strip())
    return found is not None and found[0].rstrip()[-1] in ".:|：、．"


def is_table_note(text: str) -> bool:
    """Whether the text begins as the notes under a table do."""
    return bool(_TABLE_NOTE.match(text.strip()))


def is_footnote(text: str) -> bool:
    """Whether the text begins with a footnote's mark or number."""
    return bool(re.match(rf"(?:[*†‡§¶#]|\d{{1,2}}|[①-⑳])\s?[A-Z{HAN}h(（]", text.strip()))


def ends_sentence(text: str) -> bool:
    """Whether the line ends where a sentence may end, a citation after the full stop allowed for."""
    text = text.rstrip()
    if not text or not (text[-1] in _LAST or text[-1].isdecimal()):
        return False  # as most lines of a paragraph
    return bool(_END.search(text)) and not _ABBREVIATED.search(text)


def is_page_number(text: str) -> bool:
    """Whether the whole line is a page number."""
    return bool(_PAGE_NUMBER.match(text.strip()))


def is_running_line(text: str) -> bool:
    """Whether the line's own words mark it as a running head or foot (DOI, volume, 'et al.')."""
    text = text.strip()
    if len(text) > 120 or not _RUNNING.search(text):
        return False
    # 'Vol. 45, No. 5' looks like a full stop with a citation
    return bool(_VOLUME_END.search(text)) or not ends_sentence(text)
