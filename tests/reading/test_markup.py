"""JATS and web pages become the same paper as the plain text with the same words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import markup_papers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isa_extract.binding.assemble import extract
from isa_extract.errors import PaperError
from isa_extract.language.normal import fold
from isa_extract.reading import read
from isa_extract.reading.html import read_html
from isa_extract.reading.jats import read_jats
from isa_extract.reading.plain import read_text
from isa_extract.records import Block, Paper, Span


def jats(tmp_path: Path, body: str, back: str = "", front: str = "") -> Paper:
    path = tmp_path / "a.xml"
    path.write_text(
        '<article xmlns:mml="http://www.w3.org/1998/Math/MathML"><front><article-meta><title-group>'
        f"<article-title>A title</article-title></title-group>{front}</article-meta></front>"
        f"<body>{body}</body><back>{back}</back></article>",
        encoding="utf-8",
    )
    return read_jats(path, "a")


def page(tmp_path: Path, body: str, head: str = "") -> Paper:
    path = tmp_path / "a.html"
    path.write_text(
        f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>', encoding="utf-8"
    )
    return read_html(path, "a")


def said(paper: Paper, spans: tuple[Span, ...]) -> str:
    return "|".join(paper.text[s.start : s.end] for s in spans)


def told(paper: Paper) -> list[tuple[str, str, str]]:
    return [(b.kind, b.section, said(paper, b.lines)) for b in paper.blocks]


def folded(paper: Paper, block: Block) -> tuple[str, list[int]]:
    done = fold(paper.text, block.lines, paper.superscripts)
    return done.text, [n for c in done.citations for n in c.numbers]


def running(paper: Paper) -> list[str]:
    return [
        folded(paper, b)[0]
        for b in paper.blocks
        if b.kind == "paragraph" and b.section in ("body", "abstract")
    ]


def grid(paper: Paper, number: int = 0) -> list[tuple[int, int, int, int, bool, str]]:
    table = paper.tables[number]
    return [(c.row, c.column, c.rows, c.columns, c.header, said(paper, c.lines)) for c in table.cells]


# ----------------------------------------------------------------------- the same evidence as from the text


def facts(paper: Paper) -> Counter[tuple[object, ...]]:
    return Counter(
        (
            f.study.trial_name, f.endpoint, f.endpoint_term, f.statistic, f.value, f.unit, f.qualifier,
            f.arm.label if f.arm else "", f.comparator.label if f.comparator else "", f.ci_low, f.ci_high,
            f.p_value, f.n, f.N, f.timepoint, f.followup, f.subgroup, f.threshold, f.grade, f.citations, f.binding,
        )
        for f in extract(paper).findings
    )  # fmt: skip


@pytest.mark.parametrize("language", ["ENGLISH", "CHINESE"])
def test_evidence_equals_that_of_the_text(tmp_path: Path, language: str) -> None:
    encoding = "utf-8" if language == "ENGLISH" else "gb18030"
    forms = {"TXT": "utf-8", "JATS": encoding, "HTML": encoding}
    paths = {form: tmp_path / f"a.{form.lower()}" for form in forms}
    for form, name in forms.items():
        paths[form].write_bytes(getattr(markup_papers, f"{language}_{form}").encode(name))
    expected = facts(read_text(paths["TXT"], "a"))
    assert expected.total() >= 16
    values = {fact[4] for fact in expected}
    assert not values & {
        "99.9",
        "88.8",
        "77.7",
        "66.6",
        "55.5",
        "100",
        "2.0" if language == "ENGLISH" else "100",
    }
    assert facts(read_jats(paths["JATS"], "a")) == expected
    assert facts(read_html(paths["HTML"], "a")) == expected
    # the same fact in both languages' abstracts and in the body is one fact
    first = "0.60"
    assert [fact[4] for fact in expected.elements()].count(first) == 1


# ------------------------------------------------------------------------------------- words and numbers


@pytest.mark.parametrize(
    ("markup", "text", "citations"),
    [
        ("at 10<sup>-5</sup> or 10<sup>−6</sup>", "at 10-5 or 10-6", []),
        ("<italic>P</italic> = 0.003 and CO<sub>2</sub>", "P = 0.003 and CO2", []),
        ('months<xref ref-type="bibr"><sup>12</sup></xref> were', "months were", [12]),
        ('months<sup><xref ref-type="bibr">12</xref>–<xref ref-type="bibr">14</xref></sup> were', "months were", [12, 13, 14]),
        ('11.5<xref ref-type="bibr">12</xref> were', "11.5 were", [12]),
        ('since 2010<xref ref-type="bibr"><sup>12</sup></xref> at 10<sup>6</sup>', "since 2010 at 106", [12]),
        ('had [<xref ref-type="bibr">12</xref>–<xref ref-type="bibr">14</xref>] it', "had it", [12, 13, 14]),
        ('by <xref ref-type="bibr">Smith et al., 2010</xref> it', "by Smith et al., 2010 it", []),
        ("5.0 × 10<sup>9</sup>/L at\n   20 mg/m<sup>2</sup>", "5.0 × 109/L at 20 mg/m2", []),
        ("of 337&#x2009;802 or 1&#x202F;234&#x2009;567, 1878&#x2009;kg, 20&#x2009;2345", "of 337802 or 1234567, 1878 kg, 20 2345", []),
        ('see <xref ref-type="fn">note on doses</xref> here', "see note on doses here", []),
        ("a&#x2009;b&#xA0;c <bold>d</bold><italic>e</italic>", "a b c de", []),
        ("≥ &#x2265; <named-content>x</named-content><ext-link>y</ext-link>", "≥ ≥ xy", []),
        (
            "at <mml:math><mml:msup><mml:mn>10</mml:mn> <mml:mrow><mml:mo>-</mml:mo> <mml:mn>5</mml:mn></mml:mrow></mml:msup></mml:math>.",
            "at 10-5.",
            [],
        ),
        ("<mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math> of", "1/2 of", []),
        (
            r"at <inline-formula><tex-math>\documentclass{a}\begin{document}$$\geq 10^{-5}\,\%$$\end{document}</tex-math></inline-formula> of",
            "at ≥ 10-5 % of",
            [],
        ),
        ("<inline-formula><alternatives><graphic/><tex-math>y</tex-math></alternatives></inline-formula>=1", "y=1", []),
    ],
)  # fmt: skip
def test_words_stay_whole_and_citations_come_out(
    tmp_path: Path, markup: str, text: str, citations: list[int]
) -> None:
    paper = jats(tmp_path, f"<p>{markup}</p>")
    assert folded(paper, paper.blocks[-1]) == (text, citations)


def test_a_power_is_known_as_superscript(tmp_path: Path) -> None:
    paper = jats(tmp_path, "<p>MRD at 10<sup>-5</sup>, seen <sup>a</sup>.</p>")
    assert [paper.text[s.start : s.end] for s in paper.superscripts] == ["-5", "a"]


@pytest.mark.parametrize(
    ("markup", "text", "citations"),
    [
        ('months<sup><a href="#R12">12</a></sup> were', "months were", [12]),
        ('months<a class="bibr" href="#x">12</a> were', "months were", [12]),
        ('see Table <a href="#tbl2">2</a>, Fig. <a href="#f1">1</a>', "see Table 2, Fig. 1", []),
        ("months<sup>12,14</sup> at 10<sup>&minus;5</sup>", "months at 10-5", [12, 14]),
        ("&ge;&#8805;&middot;&thinsp;1&nbsp;x<wbr>y &#150; z", "≥≥· 1 xy - z", []),
        ("0&#183;39 <b>a</b><i>b</i><span>c</span>", "0.39 abc", []),
    ],
)
def test_words_of_a_page(tmp_path: Path, markup: str, text: str, citations: list[int]) -> None:
    paper = page(tmp_path, f"<p>{markup}</p>")
    assert folded(paper, paper.blocks[-1]) == (text, citations)


@pytest.mark.parametrize("doctype", ["", '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">', "<!DOCTYPE article>", '<!DOCTYPE article [<!ENTITY own "5&#x2265;">]>'])  # fmt: skip
def test_named_characters_without_a_dtd(tmp_path: Path, doctype: str) -> None:
    own = "&own;" if "own" in doctype else "5≥"
    path = tmp_path / "a.xml"
    path.write_text(
        f"<?xml version='1.0'?>{doctype}<article><body><p>ORR &ge; 60&thinsp;% &amp; {own} &alpha;</p></body></article>",
        encoding="utf-8",
    )
    paper = read_jats(path, "a")
    assert paper.text == "ORR ≥ 60 % & 5≥ α\n"


# --------------------------------------------------------------------------------- blocks and sections


def test_what_stands_in_a_paragraph_does_not_cut_its_sentence(tmp_path: Path) -> None:
    paper = jats(
        tmp_path,
        "<sec><title>Results</title><p>The ORR was <fig><label>Figure 1</label><caption><title>Flow</title><p>Of patients.</p>"
        "</caption><graphic/><fig><caption><p>A part.</p></caption></fig></fig><fn><p>A note.</p></fn>60% in all.</p><p>Then:<list><list-item><label>1.</label><p>one;</p></list-item>"
        "<list-item><p>two.</p></list-item></list>and on.</p><boxed-text><title>Box</title><p>In a box.</p></boxed-text></sec>",
    )
    assert told(paper)[1:] == [
        ("heading", "body", "Results"),
        ("paragraph", "body", "The ORR was 60% in all."),
        ("caption", "body", "Figure 1 Flow"),
        ("caption", "body", "Of patients."),
        ("caption", "body", "A part."),
        ("footnote", "back", "A note."),
        ("paragraph", "body", "Then:"),
        ("paragraph", "body", "1. one;"),
        ("paragraph", "body", "two."),
        ("paragraph", "body", "and on."),
        ("heading", "body", "Box"),
        ("paragraph", "body", "In a box."),
    ]


def test_sections_of_jats(tmp_path: Path) -> None:
    paper = jats(
        tmp_path,
        "<p>Short.</p><sec><title>Methods</title><p>We did.</p></sec><sec><title>Conflict of interest</title><p>None.</p></sec>"
        "<sec><title>Discussion</title><p>We think.</p></sec>",
        "<ack><title>Thanks</title><p>To all.</p></ack><app-group><app><title>Appendix</title><p>More.</p></app></app-group>"
        "<ref-list><ref><label>1</label><element-citation><name><surname>Lee</surname><given-names>J</given-names></name><year>2019</year>"
        "</element-citation></ref></ref-list><fn-group><fn><label>*</label><p>Equal.</p></fn></fn-group>",
        "<contrib-group><contrib><name><surname>Lee</surname></name></contrib></contrib-group>"
        "<abstract><sec><title>Background</title><p>We ask.</p></sec></abstract>"
        '<trans-abstract xml:lang="zh"><title>摘要</title><p>我们问。</p></trans-abstract><kwd-group><kwd>a</kwd><kwd>b</kwd></kwd-group>',
    )
    assert told(paper) == [
        ("title", "front", "A title"),
        ("paragraph", "front", "Lee"),
        ("heading", "abstract", "Background"),
        ("paragraph", "abstract", "We ask."),
        ("heading", "abstract", "摘要"),
        ("paragraph", "abstract", "我们问。"),
        ("paragraph", "front", "a; b"),
        ("paragraph", "body", "Short."),
        ("heading", "body", "Methods"),
        ("paragraph", "body", "We did."),
        ("heading", "back", "Conflict of interest"),
        ("paragraph", "back", "None."),
        ("heading", "body", "Discussion"),
        ("paragraph", "body", "We think."),
        ("heading", "back", "Thanks"),
        ("paragraph", "back", "To all."),
        ("heading", "body", "Appendix"),
        ("paragraph", "body", "More."),
        ("reference", "references", "1 Lee J 2019"),
        ("footnote", "back", "* Equal."),
    ]


def test_a_stray_references_heading_takes_nothing_with_it(tmp_path: Path) -> None:
    paper = page(
        tmp_path,
        "<h1>A title</h1><div><h4>References</h4><p>Jump there.</p></div><h2>Introduction</h2><p>Myeloma is treated.</p>"
        "<h3>Older drugs</h3><p>They work.</p><h2>References</h2><p>1. Lee J. 2019.</p><h2>Related articles</h2><p>Others say.</p>",
    )
    assert running(paper) == ["Myeloma is treated.", "They work."]
    assert [kind for kind, section, _ in told(paper) if section == "references"] == [
        "heading",
        "reference",
    ] * 2


FURNITURE = [
    "<nav>X</nav>", "<script>X</script>", "<style>X</style>", "<noscript>X</noscript>", "<template>X</template>", "<aside>X</aside>",
    "<footer>X</footer>", "<form>X</form>", "<button>X</button>", "<select><option>X</option></select>", "<!-- X -->",
    '<div class="cookie-banner">X</div>', '<div class="cookieConsent">X</div>', '<div id="cookie-notice">X</div>',
    '<ul class="breadcrumb"><li>X</li></ul>', '<div class="article-share">X</div>', '<div class="social-links">X</div>',
    '<div role="navigation">X</div>', '<div role="contentinfo">X</div>', '<p hidden>X</p>', '<p style="color:red; display: none">X</p>',
    '<span aria-hidden="true">X</span>', '<span class="sr-only">X</span>', '<div class="related-content">X</div>',
    '<ul><li><a href="/x">X</a></li><li><a href="/y">More</a></li></ul>', "<svg><text>X</text></svg>",
    '<div class="page-footer">X</div>', '<div class="modal fade">X</div>', '<iframe srcdoc="X">X</iframe>',
]  # fmt: skip


@pytest.mark.parametrize("furniture", FURNITURE)
def test_what_stands_round_a_paper_is_left_out(tmp_path: Path, furniture: str) -> None:
    promise = "The median PFS was 66.6 months."
    body = "<p>ORR was 60% with Isa-Pd in the trial that we read, and the patients did well.</p>"
    paper = page(
        tmp_path,
        f"<h1>A title</h1>{body}{furniture.replace('X', promise)}<p>It went on.</p>",
        "<title>Site</title>",
    )
    assert promise not in paper.text
    assert running(paper) == [
        "ORR was 60% with Isa-Pd in the trial that we read, and the patients did well.",
        "It went on.",
    ]


@pytest.mark.parametrize("kept", ['<section id="treatment-related-events">X</section>', '<div id="social-burden">X</div>', '<div class="content-shared">X</div>', '<p class="Abstract-text">X</p>', '<section id="navigating-care">X</section>', "<details><summary>More</summary>X</details>", '<div class="advantage">X</div>'])  # fmt: skip
def test_what_only_sounds_like_it_stays(tmp_path: Path, kept: str) -> None:
    words = "The median PFS was 11.5 months."
    paper = page(
        tmp_path, "<h1>A title</h1><p>" + "We read the trial. " * 20 + "</p>" + kept.replace("X", words)
    )
    assert words in running(paper)


def test_a_page_whose_name_is_furniture_is_read(tmp_path: Path) -> None:
    paper = page(
        tmp_path, '<div class="modal content-toc" id="sidebar"><h1>A title</h1><p>ORR was 60%.</p></div>'
    )
    assert running(paper) == ["ORR was 60%."]


def test_the_title_is_the_papers_not_the_sites(tmp_path: Path) -> None:
    head = '<meta name="citation_title" content="Two  trials of x">'
    body = "<h1>Our Journal</h1><p>Volume 3.</p><h1>Two trials of <i>x</i></h1><h2>Results</h2><p>ORR was 60%.</p>"
    assert told(page(tmp_path, body, head)) == [
        ("title", "front", "Two trials of x"),
        ("heading", "body", "Results"),
        ("paragraph", "body", "ORR was 60%."),
    ]
    assert told(page(tmp_path, "<p>ORR was 60%.</p>", head))[0] == ("title", "front", "Two trials of x")


def test_line_breaks_part_paragraphs_where_they_are_doubled(tmp_path: Path) -> None:
    paper = page(tmp_path, "<h1>T</h1><h2>结果</h2><div>中位PFS为<br>11.5个月。<br><br>ORR为60%。</div>")
    assert told(paper)[2:] == [
        ("paragraph", "body", "中位PFS为|11.5个月。"),
        ("paragraph", "body", "ORR为60%。"),
    ]
    assert running(paper) == ["中位PFS为11.5个月。", "ORR为60%。"]


# ------------------------------------------------------------------------------------------------ tables

THREE_LINE = (
    '<table><thead><tr><th rowspan="2">Event</th><th colspan="2">Isa-Pd</th></tr><tr><th>Any</th><th>≥3</th></tr>'
    '<tr><td colspan="3"><hr/></td></tr></thead><tbody><tr><td colspan="3">Blood</td></tr>'
    "<tr><td>Anaemia<sup>a</sup></td><td>1 (2.0)</td><td>3<sup>*</sup></td></tr></tbody></table>"
)


def test_spans_heads_groups_and_marks(tmp_path: Path) -> None:
    wrap = f"<table-wrap><label>Table 2</label><caption><title>Events</title><p>In all.</p></caption>{THREE_LINE}<table-wrap-foot><fn><label>a</label><p>Any.</p></fn><p>NR, not reached.</p></table-wrap-foot></table-wrap>"
    expected = [
        (0, 0, 2, 1, True, "Event"),
        (0, 1, 1, 2, True, "Isa-Pd"),
        (1, 1, 1, 1, True, "Any"),
        (1, 2, 1, 1, True, "≥3"),
        (2, 0, 1, 3, False, "Blood"),
        (3, 0, 1, 1, False, "Anaemia"),
        (3, 1, 1, 1, False, "1 (2.0)"),
        (3, 2, 1, 1, False, "3"),
    ]
    first = jats(tmp_path, f"<p>Text.</p>{wrap}")
    assert grid(first) == expected
    assert said(first, first.tables[0].caption) == "Table 2 Events|In all."
    assert said(first, first.tables[0].notes) == "a Any.|NR, not reached."
    second = page(
        tmp_path, f"<h1>T</h1><p>Text.</p><p>Table 2 Events</p>{THREE_LINE}<p>a: Any.</p><p>More text.</p>"
    )
    assert grid(second) == expected
    assert (said(second, second.tables[0].caption), said(second, second.tables[0].notes)) == (
        "Table 2 Events",
        "a: Any.",
    )
    assert [words for _, _, words in told(second)] == ["T", "Text.", "More text."]


def test_marks_that_link_to_notes_leave_the_cells(tmp_path: Path) -> None:
    """Some journals set them without ``sup``, and mark only what they link to."""
    note, other = '<xref ref-type="fn">a</xref>', '<xref ref-type="table-fn"><italic>b,c</italic></xref>'
    rows = (
        f"<tr><td>Event</td><td>All (n=120){note}</td></tr><tr><td>Deaths{other}</td><td>12{note}</td></tr>"
    )
    paper = jats(tmp_path, f"<p>Text.</p><table-wrap><table>{rows}</table></table-wrap>")
    assert [cell[-1] for cell in grid(paper)] == ["Event", "All (n=120)", "Deaths", "12"]


@pytest.mark.parametrize("wrap", ["<figure><figcaption>Table 2. Events</figcaption>T<p>Note.</p><p><a href=t2>Open in a new tab</a></p></figure>", '<div class="table-wrap"><h4>Table 2. Events</h4>T<div>Note.</div></div>', '<section class="tw" id="t2"><div><p>Table 2. Events</p></div><div>T</div><div class="tw-foot"><p>Note.</p></div></section>'])  # fmt: skip
def test_a_table_with_its_caption_and_notes(tmp_path: Path, wrap: str) -> None:
    paper = page(tmp_path, "<h1>A</h1><p>Text.</p>" + wrap.replace("T<", THREE_LINE + "<"))
    (table,) = paper.tables
    assert (said(paper, table.caption), said(paper, table.notes)) == ("Table 2. Events", "Note.")


def test_a_layout_table_is_running_text(tmp_path: Path) -> None:
    inner = "<table><tr><th>Arm</th><th>ORR</th></tr><tr><td>Isa-Pd</td><td>60</td></tr></table>"
    paper = page(
        tmp_path,
        f"<table><tr><td>Menu</td><td><h1>T</h1><h2>Results</h2><p>ORR was 60%.</p>{inner}</td></tr></table>",
    )
    assert running(paper) == ["ORR was 60%."]
    assert grid(paper) == [
        (0, 0, 1, 1, True, "Arm"),
        (0, 1, 1, 1, True, "ORR"),
        (1, 0, 1, 1, False, "Isa-Pd"),
        (1, 1, 1, 1, False, "60"),
    ]


def test_cells_that_reach_down_and_broken_cells(tmp_path: Path) -> None:
    paper = jats(
        tmp_path,
        "<p>x</p><table-wrap><table><tbody><tr><td>Trial</td><td>Arm</td><td>ORR</td></tr>"
        '<tr><td rowspan="2">A</td><td>one<break/>two</td><td>5</td></tr><tr><td><p>b</p><p>c</p></td><td>6</td></tr></tbody></table></table-wrap>',
    )
    assert grid(paper)[3:] == [
        (1, 0, 2, 1, False, "A"), (1, 1, 1, 1, False, "one|two"), (1, 2, 1, 1, False, "5"), (2, 1, 1, 1, False, "b|c"), (2, 2, 1, 1, False, "6"),
    ]  # fmt: skip
    assert [c[4] for c in grid(paper)[:3]] == [True] * 3


@pytest.mark.parametrize("span", ["0", "-3", "x", "99999999999999999999", "1e3", "", "٣"])
def test_absurd_spans(tmp_path: Path, span: str) -> None:
    row = f'<tr><td colspan="{span}" rowspan="{span}">a</td><td>b</td></tr>'
    paper = jats(tmp_path, f"<p>x</p><table-wrap><table>{row * 4}</table></table-wrap>")
    assert all(c.columns <= 100 and c.rows <= 4 for c in paper.tables[0].cells)
    assert [said(paper, c.lines) for c in paper.tables[0].cells] == ["a", "b"] * 4


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    paper = jats(
        tmp_path,
        "<p>ORR <inline-graphic/> 60%.</p><table-wrap><label>Table 3</label><graphic/></table-wrap>",
    )
    assert paper.notices == (
        "Table 3: only an image or in a form that is not read",
        "1 character(s) or formula(s) set as pictures not read",
    )
    short = jats(tmp_path, "", "", "<abstract><p>ORR was 60%.</p></abstract>")
    assert short.notices == ("no full text in the file: only what stands before it was read",)


# --------------------------------------------------------------------------------------------- properties

INLINE = ["italic", "bold", "sup", "sub", "xref", "named-content", "ext-link", "b", "i", "a", "span"]
BLOCK = [
    "p", "sec", "title", "list", "list-item", "fig", "caption", "label", "table-wrap", "table", "thead", "tbody", "tr", "td", "th",
    "boxed-text", "fn", "disp-quote", "def-list", "def-item", "table-wrap-foot", "ref-list", "ref", "div", "section", "h1", "h2", "ul",
    "li", "figure", "figcaption", "alternatives", "math", "msup", "mfrac", "mn", "tex-math", "break", "br", "abstract", "ack",
]  # fmt: skip


def nested(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, inner, attribute: f"<{tag}{attribute}>{''.join(inner)}</{tag}>",
        st.sampled_from(INLINE + BLOCK),
        st.lists(children, max_size=5),
        st.sampled_from(
            ["", "", ' colspan="3"', ' rowspan="2"', ' ref-type="bibr"', ' href="#r1"', ' class="references"']
        ),
    )


TREES = st.recursive(
    st.text("ab1 9.%[](),-\n\u00a0中文。\u200b", max_size=12) | st.just("Median PFS was 11.5 months.12 "),
    nested,
    max_leaves=25,
)


@pytest.mark.parametrize("form", ["xml", "html"])
@settings(max_examples=150)
@given(tree=st.lists(TREES, max_size=6))
def test_any_tree_gives_a_text_that_holds_its_parts(
    tmp_path_factory: pytest.TempPathFactory, form: str, tree: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / f"tree.{form}"
    inner = "".join(tree)
    whole = f"<article><body>{inner}</body></article>" if form == "xml" else f"<body>{inner}</body>"
    path.write_text(whole, encoding="utf-8")
    try:
        paper = read_jats(path, "a") if form == "xml" else read_html(path, "a")
    except PaperError as error:
        assert error.reason.startswith("no text") or "no tags" in error.reason
        return
    cells = [line for t in paper.tables for c in t.cells for line in c.lines]
    around = [line for t in paper.tables for line in (*t.caption, *t.notes)]
    lines = [line for b in paper.blocks for line in b.lines]
    for span in (*cells, *around, *lines):
        assert span.end <= len(paper.text) and paper.text[span.start : span.end].strip()
        assert "\n" not in paper.text[span.start : span.end]
    starts = [line.start for line in lines]
    assert starts == sorted(starts)
    assert all(s.end <= len(paper.text) for s in paper.superscripts)
    assert all(
        b.kind == "reference" or b.section != "references" or b.kind != "paragraph" for b in paper.blocks
    )


def test_through_the_door(tmp_path: Path) -> None:
    """The guarded child gives the same paper as this process."""
    path = tmp_path / "a.nxml"
    path.write_text(markup_papers.ENGLISH_JATS, encoding="utf-8")
    paper = read(path, "a")
    assert paper == read_jats(path, "a")
    assert paper.boxes is None and paper.pages == () and len(paper.sha256) == 64
