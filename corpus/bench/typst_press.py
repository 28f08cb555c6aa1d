"""Sets a manuscript with Typst: columns, hyphens, floats, footnotes as a modern typesetter does them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import typst

from bench.layout import Layout
from bench.manuscript import Manuscript, Part, pieces

FONTS = Path(__file__).resolve().parents[1] / "fonts"
_SPECIAL = re.compile(r"([\\#$*_`<>@~/\[\]=+\-'\"])")
_WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(ord("0"), ord("9") + 1)})


def typeset(paper: Manuscript, layout: Layout) -> bytes:
    """The paper as a PDF.

    Raises:
        ValueError: if the fonts lack a character of it.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.typ"
        source.write_text(markup(paper.numbered(layout.numbering), layout), encoding="utf-8")
        data, warnings = typst.compile_with_warnings(
            str(source), font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_tags=False
        )
    assert isinstance(data, bytes)
    for warning in warnings:
        raise ValueError(f"{paper.name}: {warning.message}")
    return data


def escaped(text: str) -> str:
    """Words as Typst markup that means just them."""
    return _SPECIAL.sub(r"\\\1", text)


def inline(text: str, layout: Layout) -> str:
    """Running text with raised powers, and citations as the layout wants them."""
    out = ""
    for piece, kind in pieces(text):
        if kind == "plain":
            words = escaped(piece)
            if layout.extra == "full-width":
                # Typst would break such a number like Chinese text; journals' systems do not
                words = re.sub(r"\d[\d.]*%?", lambda found: f"#box[{found[0].translate(_WIDE)}];", words)
            out += words
        elif kind == "power":
            base = re.search(r"(?:10|#box\[１０\];|m)$", out)
            assert base is not None
            out = f"{out[: base.start()]}#box[{base[0]}#super[{escaped(piece)}]];"  # never broken
        elif layout.citations == "raised":
            # a citation stays with what it stands behind
            base = re.search(r"(?:#box\[[^\]]*\];|[A-Za-z0-9\\.,)%-]+|.)[，。、；：）]*$", out)
            assert base is not None
            out = f"{out[: base.start()]}#box[{base[0]}#super[{escaped(piece)}]];"
        else:
            out += escaped(f"[{piece.strip('[]')}]")
    return out


def markup(paper: Manuscript, layout: Layout) -> str:
    """The whole paper in Typst's markup."""
    columns = int(layout.columns)
    chinese = paper.chinese
    size = {1: 11.0, 2: 10.0, 3: 8.8}[columns]
    indent = "(amount: 2em, all: true)" if chinese else "1.2em"
    out = [
        _page(paper, layout, columns),
        f'#set text(font: ("{"Noto Serif CJK SC" if chinese else "Libertinus Serif"}", "Noto Serif CJK SC"), '
        f'size: {size}pt, lang: "{paper.meta["language"]}", '
        f"hyphenate: {'true' if layout.hyphens == 'yes' else 'false'})",
        "#show super: it => text(size: 0.62em, baseline: -0.5em, it.body)",
        f"#set par(justify: true, leading: {0.75 if chinese else 0.6}em, "
        + (
            f"spacing: {0.75 if chinese else 0.6}em, first-line-indent: {indent})"
            if layout.body == "indented"
            else "spacing: 1.3em)"
        ),
    ]
    if layout.margin == "line-numbers":
        out.append("#set par.line(numbering: n => text(size: 6pt, fill: gray.darken(40%))[#n])")
    out += _front(paper, layout, size)
    for part in paper.parts:
        out.append(_part(part, layout, size, chinese))
    return "\n\n".join(out) + "\n"


def _page(paper: Manuscript, layout: Layout, columns: int) -> str:
    meta = paper.meta
    head = foot = "none"
    if layout.heads != "none":
        odd = f"{escaped(meta['journal'] + meta['issue'])} #h(1fr) {escaped(meta['journal_other'])}"
        even = f"{escaped(meta['authors'].split(',')[0])} et al #h(1fr) {escaped(meta['title'])}"
        if layout.heads == "same":
            even = odd
        number = "#counter(page).display()"
        page = "calc.odd(here().page())"
        head = f"context {{ set text(7.5pt); if {page} [{odd}] else [{even}] ; line(length: 100%, stroke: .4pt) }}"
        foot = f"context {{ set text(7.5pt); if {page} [{escaped(meta['doi'])} #h(1fr) {number}] else [{number} #h(1fr) {escaped(meta['journal'])}] }}"
    behind = "none"
    if layout.margin == "stamp":
        words = "Downloaded from journals.example.org by Example Library on 12 June 2024"
        behind = f"place(right + horizon, dx: 60pt, rotate(90deg, text(7pt)[{words}]))"
    elif layout.margin == "watermark":
        behind = "place(center + horizon, rotate(-40deg, text(46pt, fill: gray.lighten(60%))[ACCEPTED]))"
    return (
        f'#set page(paper: "a4", flipped: {"true" if layout.page == "landscape" else "false"}, '
        f"columns: {columns}, margin: (x: 58pt, top: 76pt, bottom: 72pt), header: {head}, footer: {foot}, "
        f"background: {behind})\n#set columns(gutter: {layout.gutter}pt)\n"
        "#counter(page).update(301)"
    )


def _front(paper: Manuscript, layout: Layout, size: float) -> list[str]:
    meta = paper.meta
    words = ("【摘要】", "【关键词】", "[Abstract]", "[Key words]")
    if not paper.chinese:
        words = ("Abstract", "Keywords", "【摘要】", "【关键词】")

    def labelled(label: str, text: str) -> str:
        return f"#par(first-line-indent: 0em)[*{escaped(label)}* {inline(text, layout)}]"

    opening = [
        f'#par(justify: false, first-line-indent: 0em)[#text(17pt, weight: "bold")[{escaped(meta["title"])}]]',
        f"#par(first-line-indent: 0em)[{escaped(meta['authors'])}]",
        f"#par(first-line-indent: 0em)[#text(7.5pt)[{escaped(meta['affiliations'])}]]",
    ]
    own = [labelled(words[0], meta["abstract"]), labelled(words[1], meta["keywords"])]
    other = [
        f'#par(justify: false, first-line-indent: 0em)[#text(10.5pt, weight: "bold")[{escaped(meta["title_other"])}]]',
        *(
            [f"#par(first-line-indent: 0em)[{escaped(meta['authors_other'])}]"]
            if meta["authors_other"]
            else []
        ),
        labelled(words[2], meta["abstract_other"]),
        labelled(words[3], meta["keywords_other"]),
    ]
    note = (
        "#place(bottom, float: true, clearance: 8pt)[#set par(first-line-indent: 0em, spacing: 4pt)\n"
        f"#set text({0.78 * size:.1f}pt)\n#line(length: 30%, stroke: .4pt)\n{escaped(meta['dates'])}\n\n"
        f"{escaped(meta['note'])}]"
    )
    small = f"#set text({0.93 * size:.2f}pt)"
    both = "\n\n".join([small, *own, *other])
    if layout.front == "box":
        both = f"#rect(width: 100%, fill: luma(235), stroke: none, inset: 7pt)[{both}]"
    scope = 'scope: "parent", ' if layout.columns != "1" else ""
    across = "\n\n".join(opening if layout.front == "column" else [*opening, both])
    placed = f"#place(top, {scope}float: true, clearance: 14pt)[{across}]"
    return [placed, note, *([f"#[{both}]"] if layout.front == "column" else [])]


def _part(part: Part, layout: Layout, size: float, chinese: bool) -> str:
    if part.kind == "heading":
        big = size + (2.2 if part.level == 1 else 0.6)
        return (
            f"#block(above: 1.3em, below: .8em, sticky: true)[#set par(first-line-indent: 0em, justify: false)\n"
            f'#text({big:.1f}pt, weight: "bold")[{escaped(part.text)}]]'
        )
    if part.kind == "reference":
        return (
            f"#[#set text({0.85 * size:.2f}pt)\n"
            f"#par(first-line-indent: 0em, hanging-indent: 1.6em)[{escaped(part.text)}]]"
        )
    if part.kind == "table":
        return _table(part, layout, size, chinese)
    if part.kind == "figure":
        return _figure(part, layout, size)
    return inline(part.text, layout)


def _table(part: Part, layout: Layout, size: float, chinese: bool) -> str:
    column = layout.table_place == "column"
    small = (0.72 if column and layout.columns == "2" else 0.85) * size
    widths = ", ".join(f"{w}fr" for w in part.option("widths").split())
    head, *rows = part.rows
    stroke, fill, lines = "none", "none", ""
    if layout.table == "three-line":
        lines = "table.hline(stroke: 1pt), table.header({head}, table.hline(stroke: .5pt)), {cells}, table.hline(stroke: 1pt)"
    elif layout.table == "ruled":
        stroke = ".5pt"
    elif layout.table == "shaded":
        fill = "(_, y) => if y == 0 { luma(190) } else if calc.odd(y) { luma(232) }"
    cells = [", ".join(f"[{escaped(cell)}]" for cell in row) for row in rows]
    top = ", ".join(f"[*{escaped(cell)}*]" for cell in head)
    inside = (lines or "table.header({head}), {cells}").format(head=top, cells=", ".join(cells))
    body = (
        f"#set text({small:.2f}pt)\n#set par(first-line-indent: 0em, justify: false, spacing: 5pt)\n"
        f"*{escaped(part.option('caption'))}*\n\n"
        f"#table(columns: ({widths}), align: left, inset: (x: 3pt, y: 3.2pt), stroke: {stroke}, fill: {fill}, {inside})\n\n"
        f"{escaped(part.option('note'))}"
    )
    if layout.table_place == "turned":
        body = f"#rotate(-90deg, reflow: true)[#block(width: 430pt)[{body}]]"
    scope = 'scope: "parent", ' if layout.columns != "1" and not column else ""
    return f"#place(auto, {scope}float: true, clearance: 14pt)[#block(width: 100%)[{body}]]"


def _figure(part: Part, layout: Layout, size: float) -> str:
    """A survival plot: axes, curves, ticks, numbers at risk."""
    ticks = part.option("ticks").split()
    high = 110
    wide = 190 if layout.columns != "3" else 120
    step = wide / (len(ticks) - 1)
    drawn = [
        f"#place(dx: 30pt, dy: 0pt, line(length: {high}pt, angle: 90deg, stroke: .6pt))",
        f"#place(dx: 30pt, dy: {high}pt, line(length: {wide}pt, stroke: .6pt))",
        f"#place(dx: -{high / 2 - 12}pt, dy: {high / 2}pt, rotate(-90deg)[#box(width: {high}pt)[{escaped(part.option('y'))}]])",
    ]
    for row, fall in enumerate((0.35, 0.6)):
        points = ", ".join(
            f"({30 + i * step:.1f}pt, {8 + fall * high * (1 - 0.8**i):.1f}pt)" for i in range(len(ticks))
        )
        drawn.append(
            f"#place(curve(stroke: .8pt, ..({points}).enumerate().map(((i, p)) => if i == 0 {{ curve.move(p) }} else {{ curve.line(p) }})))"
        )
        label = part.all("rows")[row].split()[0]
        drawn.append(f"#place(dx: {wide - 10}pt, dy: {14 + row * 26}pt)[{escaped(label)}]")
    for i, tick in enumerate(ticks):
        drawn.append(f"#place(dx: {27 + i * step:.1f}pt, dy: {high + 3}pt)[{tick}]")
    drawn.append(f"#place(dx: {wide / 2}pt, dy: {high + 13}pt)[{escaped(part.option('x'))}]")
    for row, words in enumerate(part.all("rows")):
        label, *counts = words.split()
        y = high + 26 + row * 10
        drawn.append(f"#place(dx: -2pt, dy: {y}pt)[{escaped(label)}]")
        drawn += [f"#place(dx: {27 + i * step:.1f}pt, dy: {y}pt)[{n}]" for i, n in enumerate(counts)]
    body = (
        f"#set par(first-line-indent: 0em)\n#block(width: 100%, height: {high + 52}pt)[#set text(6.5pt)\n"
        + "\n".join(drawn)
        + f"]\n#text({0.85 * size:.2f}pt)[{escaped(part.option('caption'))}]"
    )
    return f"#place(auto, float: true, clearance: 14pt)[{body}]"
