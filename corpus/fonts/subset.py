"""Make the small TrueType fonts that `typeset.py` embeds.

    python corpus/fonts/subset.py REGULAR_TTC BOLD_TTC

Needed only when a source gains a character. The two arguments are the Noto Serif CJK
collections as a system package installs them; face 2 of each is the Simplified Chinese one.
The glyphs that the sources use (and ASCII, and common punctuation) are kept, their cubic
outlines turned into quadratic ones, since reportlab reads `glyf` tables only.
"""

import argparse
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import typeset  # noqa: E402

SIMPLIFIED_CHINESE = 2
ALWAYS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "·×±–—‘’“”…≤≥−～、。，；：？！（）【】《》％＜＞ﬁﬂ"
    + "０１２３４５６７８９一二三四五六七八九十摘要关键词"
)
MAX_ERROR = 1.0  # font units of a 1000-unit em


def quadratic(font: TTFont) -> None:
    """Replace the font's CFF outlines by `glyf` ones, in place."""
    order = font.getGlyphOrder()
    glyphs, drawn = font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = drawn
    for tag in ("CFF ", "VORG"):
        if tag in font:
            del font[tag]
    glyf.compile(font)
    for name in order:  # the left bearing must be the outline's own
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(glyf[name], "xMin", 0) or 0)
    font["maxp"].tableVersion = 0x00010000
    zero = (
        "maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
        "maxSizeOfInstructions maxComponentElements"
    )
    for field in zero.split():
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font["post"].extraNames, font["post"].mapping = [], {}
    font["post"].glyphOrder = order
    font.sfntVersion = "\x00\x01\x00\x00"


def make(collection: Path, characters: str, target: Path) -> None:
    """Write to `target` the face of `collection` reduced to `characters`."""
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, desubroutinize=True, name_languages=[0x409]
    )
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "vhea", "vmtx", "DSIG"]
    font = TTFont(collection, fontNumber=SIMPLIFIED_CHINESE, lazy=True, recalcTimestamp=False)
    lacking = sorted(set(characters) - set(map(chr, font.getBestCmap())))
    if lacking:
        raise SystemExit(f"{collection.name} has no glyph for: {' '.join(lacking)}")
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    quadratic(font)
    font.save(target, reorderTables=True)
    print(f"{target.name}: {len(set(characters))} characters, {target.stat().st_size // 1024} KB")


def main() -> None:
    """Read the sources' characters and write both fonts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("regular", type=Path)
    parser.add_argument("bold", type=Path)
    arguments = parser.parse_args()
    used = typeset.characters()
    make(arguments.regular, ALWAYS + "".join(sorted(used[typeset.REGULAR])), HERE / f"{typeset.REGULAR}.ttf")
    make(arguments.bold, ALWAYS + "".join(sorted(used[typeset.BOLD])), HERE / f"{typeset.BOLD}.ttf")


if __name__ == "__main__":
    main()
