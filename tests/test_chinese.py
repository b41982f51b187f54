"""The Chinese of the course: one word for one thing, and the marks and spaces of Chinese print."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HAN = "[\u4e00-\u9fff]"
SOURCES = sorted((ROOT / "notebooks" / "source").glob("*.py"))


def _terms() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what docs/chinese.md has settled: English: (the course's word, those never used)."""
    page = (ROOT / "docs" / "chinese.md").read_text("utf-8")
    rows = re.findall(rf"^\| ([^|]+) \| ([^|]+) \| ([^|]*{HAN}[^|]*) \| [^|]*\|$", page, re.M)
    return {english: (word, tuple(others.split("、"))) for english, word, others in rows}


TERMS = _terms()

MARKS = {
    "a half-width mark after Chinese": rf"{HAN}[,;!?](?:\s|$|{HAN})|{HAN}[:.](?:\s|$|{HAN})",
    "a half-width bracket after Chinese": rf"{HAN}\(",
    "a space beside a full-width mark": r"[。，：；？！、）] [^| ]|[^|：] [。，：；？！、（）]",
    "no space between Chinese and Latin": rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}",
    "a space within Chinese": rf"{HAN} {HAN}",
    "italics, which Chinese does not have": rf"(?<![*\\])\*(?![*\s])[^*]*{HAN}[^*]*(?<!\s)\*(?!\*)",
    "a space before a per cent sign": r"\d %",
    "a space behind a mark in bold": r"[。，：；？！、]\*\* \S",
    "a letter x for × in a size": r"[\d}] ?x ?[\d{]",
}
CODE = re.compile(r"`[^`]*`|\$[^$]*\$|\([^()]*, [^()]*\)|\w+\([^()]*\)|\(\\d.*")
"""Code, formulas, tuples, calls and regular expressions."""
MARKUP = re.compile(r"(?<=\])\([^)]*\)|<[^>]*>")


def _in_code() -> Iterator[tuple[str, str]]:
    """Yield the Chinese strings of the Python files, with their place."""
    for folder in ("checks", "plots", "solutions", "autograder"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if {"tests", "corpora"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def _in_prose() -> Iterator[tuple[str, str]]:
    """Yield the lines of notebooks and README, and the alt texts, with their place."""
    pages = (ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.zh.md")))
    for path in (*SOURCES, *pages):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            text = re.sub(r"^ *# (zh: ?)?", "", line)
            yield f"{path.relative_to(ROOT)}:{number}", text
    texts = json.loads((ROOT / "images" / "alt_texts.json").read_text("utf-8"))
    for name, by_language in texts.items():
        yield f"images/alt_texts.json {name}", by_language["zh"]


def _read_in_order(source: Path) -> tuple[list[str], list[str]]:
    """Return the Chinese lines of a notebook, comments in code included, and its glossary's."""
    lines, chinese = [], False
    for line in source.read_text("utf-8").splitlines():
        if line.startswith("# %%"):
            chinese = 'lang="zh"' in line
        elif chinese or "# zh:" in line:
            lines.append(re.sub(r"^.*# zh: ?|^# ?", "", line))
    (start,) = (n for n, line in enumerate(lines) if re.fullmatch(r"## \d+ 术语表", line))
    return lines[:start], lines[start:]


def _glossary(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield a glossary's Chinese terms and their English, without their synonyms."""
    for left, right in re.findall(r"^\| ([^|]+) \| ([^|]+) \|", "\n".join(lines), re.M):
        terms = re.sub(r"（[^）]*）", "", left).split("、")
        words = re.sub(r" \([^)]*\)", "", right).split(", ")
        words = words if len(words) == len(terms) else words[:1] * len(terms)
        yield from ((t, w) for t, w in zip(terms, words, strict=True) if re.match(HAN, t))


def _late(term: str, english: str, longer: list[str], lines: list[str]) -> str | None:
    """Return the first line with a term, headings apart, where its English is not beside it."""
    for line in lines:
        for other in longer:
            line = line.replace(other, "…" * len(other))
        if term in line and not line.startswith("#"):
            before, _, after = line.partition(term)
            beside = rf"层?(\*\*)?[（，][^）]*{re.escape(english)}"
            return None if re.match(beside, after) or before.endswith(f"{english}（") else line
    return None


@pytest.fixture(scope="module")
def sentences() -> list[tuple[str, str]]:
    found = [(place, text) for place, text in (*_in_code(), *_in_prose()) if re.search(HAN, text)]
    assert len(found) > 2_500
    return found


def _words(text: str) -> Iterator[str]:
    """Yield the words in a text that the course does not use."""
    for word, others in TERMS.values():
        for other in others:
            places = [found.start() for found in re.finditer(other, text)]
            if not all(_introduced(text[:place], word) for place in places):
                yield f"{other}, not {word}"


def _introduced(before: str, word: str) -> bool:
    """Is what comes next a synonym that is named, in a sentence or in its own row of a glossary?"""
    named = r"(也叫|又称|也译|俗称|也叫作)([^，。；：（）]*、)?"
    row = rf"\| [^|（]*{word}[^|（]*（([^（）|]*、)?"
    return bool(re.search(rf"{named}\Z", before) or re.fullmatch(row, before))


def _marks(text: str) -> Iterator[str]:
    """Yield what a text breaks of the rules of Chinese print."""
    plain = CODE.sub("x", MARKUP.sub("", text))
    for rule, pattern in MARKS.items():
        if found := re.search(pattern, plain):
            yield f"{rule}: {plain[max(0, found.start() - 15) : found.end() + 10]!r}"


def test_one_word_for_one_thing(sentences):
    """Is every term the course's own, but where its synonyms are introduced?"""
    assert [f"{place}: {said}" for place, text in sentences for said in _words(text)] == []


def test_terms_are_used(sentences):
    """Does every word of the table stand somewhere, so that the table is the course's?"""
    whole = "\n".join(text for _, text in sentences)
    assert [word for word, _ in TERMS.values() if word not in whole] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_english_word_stands_at_the_first_use(source):
    """Does a reader meet each word of the glossaries with its English beside it?"""
    glossaries = [dict(_glossary(_read_in_order(path)[1])) for path in SOURCES]
    terms = glossaries[0] | glossaries[1] | dict(_glossary(_read_in_order(source)[1]))
    assert len(terms) > 35 and "中文" in terms
    del terms["中文"], terms["轮"]  # one letter stands in other words
    lines, late = _read_in_order(source)[0], []
    for term, english in terms.items():
        longer = [other for other in terms if term in other and term != other]
        if line := _late(term, english, longer, lines):
            late.append(f"{term} ({english}): {line}")
    assert late == []


def test_marks_and_spaces(sentences):
    """Are marks full-width, with no space beside them, and one between Chinese and Latin?"""
    assert [f"{place}: {said}" for place, text in sentences for said in _marks(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "卷积核的大小",
        "步幅（也叫步长）是 2，步长越大，输出越小",
        "滤波器，又称卷积核。过滤器的大小是 3",
        "| 学习率（步长） | learning rate | 一步走多远 |",
        "| 步幅 | stride | 步长 |",
        "整个批次的梯度",
        "z 关于 b 的导数",
        "把窗口排好",
        "步幅, 填充",
        "步幅。 填充",
        "用NumPy实现",
        "*步幅*是什么",
        "约 86 %",
        "**隔离。** 每份提交",
        "2 x 3 的数组",
        "{f} x {f} 的窗口",
        "打印 标签",
        "结果: ",
    ],
)
def test_faults_are_found(text):
    """Does each kind of slip get a line that names it?"""
    assert [*_words(text), *_marks(text)]


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        (["## 步幅", "步幅（stride，也叫步长）是 2", "步幅"], False),
        (["一个**步幅**，stride，是 2"], False),
        (["用 stride（步幅）移动"], False),
        (["步幅是 2", "步幅（stride）"], True),
        (["步幅是 2，步幅（stride）是 3"], True),
    ],
)
def test_a_late_gloss_is_found(lines, late):
    """Is only the first use looked at, and is a heading none?"""
    assert bool(_late("步幅", "stride", [], lines)) == late


def test_each_settled_word_is_read():
    """Does the test see every row of the page, with the words that are never used?"""
    page = (ROOT / "docs" / "chinese.md").read_text("utf-8")
    table = page.partition("## Terms")[2].partition("## Decided")[0]
    assert len(TERMS) == len(re.findall(r"^\| ", table, re.M)) - 1 > 45
    assert TERMS["stride"] == ("步幅", ("步长", "跨度"))
