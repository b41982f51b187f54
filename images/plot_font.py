"""Cuts ``plots/font.otf`` out of Noto Sans CJK: the letters of the words inside plots, no others.

    python images/plot_font.py [NotoSansCJK-Regular.ttc]

Run it after a word in ``plots.kit.WORDS`` has changed. The font is Debian's and Ubuntu's package
fonts-noto-cjk; other versions of it or of fontTools write other bytes, so ``make build`` leaves the
font alone, and a test says when a letter is missing. Noto Sans CJK is under the SIL Open Font
License 1.1 (``plots/font-licence.txt``), and so is what is cut out of it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
NUMBER = 2
"""Which font of the collection has the Chinese forms of the letters: Noto Sans CJK SC."""
FAMILY = "Course Plots"
"""A name of its own, so that nothing takes it for the whole font of a computer."""
# Of https://learn.microsoft.com/typography/opentype/spec/name: copyright and licence stay.
NAMES = {1: FAMILY, 2: "Regular", 3: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", "")}
KEPT = (0, 5, 7, 13, 14)


def cut(source: Path, letters: Iterable[str], out: Path) -> None:
    """Write the glyphs of `letters`, as `source` draws them, to `out`."""
    with TTFont(source, fontNumber=NUMBER, recalcTimestamp=False) as font:
        options = Options(hinting=False, name_IDs=[*NAMES, *KEPT])
        options.drop_tables += ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(letters)))
        subsetter.subset(font)
        for number, said in NAMES.items():
            font["name"].setName(said, number, 3, 1, 0x409)
        font["name"].names = [each for each in font["name"].names if each.langID == 0x409]
        (inside,) = font["CFF "].cff.topDictIndex
        font["CFF "].cff.fontNames = [NAMES[6]]
        inside.FullName, inside.FamilyName = FAMILY, FAMILY
        font.save(out)


def main(source: Path = NOTO) -> None:
    """Write the font of this repository."""
    sys.path.insert(0, str(ROOT))
    from plots import kit

    cut(source, kit.own_letters(), kit.FONT)
    print(f"{kit.FONT}: {kit.FONT.stat().st_size} bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
