"""Do the READMEs and docs/ name only what exists, and do both languages say the same?"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from autograder.__main__ import _parser
from autograder.building.release import pack
from autograder.building.site import outside_links
from autograder.grading.told import TEXTS
from autograder.status import ExerciseStatus
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
STUDENTS = (ROOT / "docs" / "students.md", ROOT / "docs" / "students.zh.md")
IN_BOTH_LANGUAGES = pytest.mark.parametrize("pair", [READMES, STUDENTS], ids=["README", "students"])
MOST_LINES = 45
"""As many lines as a reader's part of the README may have, to be read on one screen."""

PAGES = (*READMES, *sorted((ROOT / "docs").glob("*.md")))

CODE_BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)

each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    return CODE_BLOCK.sub("", text_of(page))


def links(page: Path) -> list[str]:
    """The addresses of links and pictures; a link that is shown as code is none."""
    return LINK.findall(INLINE_CODE.sub("code", prose(page)))


def code(page: Path) -> str:
    """Everything that is written as code, one piece per line."""
    text = prose(page)
    pieces = [CODE_BLOCK.findall(text_of(page)), INDENTED.findall(text), INLINE_CODE.findall(text)]
    return "\n".join(itertools.chain(*pieces))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    titles = [title.lower() for _, title in HEADING.findall(prose(page))]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), re.MULTILINE))


def autograder_commands() -> dict[str, set[str]]:
    """The options of every command of the command line."""
    (commands,) = (a.choices for a in _parser()._actions if isinstance(a.choices, dict))
    return {
        name: {option for action in parser._actions for option in action.option_strings}
        for name, parser in commands.items()
    }


@each_page
def test_relative_links_lead_somewhere(page: Path) -> None:
    """Does every link inside the repository lead to a file, and to a heading in it?"""
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link} does not exist"
        assert target.is_relative_to(ROOT), f"{page.name}: {link} leads out of the repository"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link} has no such heading"


@each_page
def test_named_files_exist(page: Path) -> None:
    """Does every path in code style that begins with a folder of ours exist?"""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "build"}
    for name in INLINE_CODE.findall(prose(page)):
        is_path = re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", name) and "/" in name
        if is_path and name.split("/")[0] in folders:
            assert (ROOT / name).exists() or "cnn-venv" in name, f"{page.name}: {name}"


@each_page
def test_make_targets_exist(page: Path) -> None:
    """Is every `make X` that a reader may type a target of the Makefile?"""
    named = re.findall(r"^make ((?:[a-z][a-z-]*\b(?!=) ?)+)", code(page), re.MULTILINE)
    assert {target for words in named for target in words.split()} <= make_targets()


@each_page
def test_autograder_commands_exist(page: Path) -> None:
    """Is every `autograder X` a command, with options that it has?"""
    known = autograder_commands()
    for line in re.findall(r"^(?:python -m )?autograder (.+)$", code(page), re.MULTILINE):
        name, *rest = re.sub(r"\s#.*", "", line).split()
        assert name in known or name.startswith("-"), f"{page.name}: autograder {line}"
        options = {word for word in rest if word.startswith("--")}
        assert options <= known.get(name, set()), f"{page.name}: autograder {line}"


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_each_readers_part_fits_on_a_screen(page: Path) -> None:
    """Is no part of the README longer than a screen, whoever it is for?"""
    first, *parts = re.split(r"^## ", text_of(page), flags=re.MULTILINE)
    lines = {part.partition("\n")[0]: part.count("\n") for part in parts}
    assert len(lines) == 6 and {t: n for t, n in lines.items() if n > MOST_LINES} == {}
    assert first.count("\n") <= MOST_LINES


@IN_BOTH_LANGUAGES
def test_both_languages_have_the_same_structure(pair: tuple[Path, Path]) -> None:
    """Do the headings and tables of both languages follow one another level by level?"""
    english, chinese = (
        [
            len(line) - len(line.lstrip("#")) if line.startswith("#") else line.count(" | ")
            for line in prose(page).splitlines()
            if re.match(r"#+ |\|", line)
        ]
        for page in pair
    )
    assert english == chinese


@IN_BOTH_LANGUAGES
def test_both_languages_have_the_same_code(pair: tuple[Path, Path]) -> None:
    """Are the code blocks the same, but for the notebook that is opened and the map's words?"""

    def code(page: str) -> list[list[str]]:
        # What a folder of the map holds stands behind its name and two blanks.
        blocks = CODE_BLOCK.findall(text_of(page))
        names = [re.findall(r"^( *\S.*?)(?:  .*)?$", block, re.MULTILINE) for block in blocks]
        return [[re.sub("^导入方向$", "imports", line) for line in block] for block in names]

    english, chinese = map(code, pair)
    mine = [
        [line.replace("lab notebooks/en/", "lab notebooks/zh/") for line in block]
        for block in english
    ]
    assert mine == chinese


@IN_BOTH_LANGUAGES
def test_both_languages_link_the_same_files(pair: tuple[Path, Path]) -> None:
    """Does a reader of either language find the same pages?"""
    english, chinese = ({link.partition("#")[0] for link in links(page)} - {""} for page in pair)
    ours = {link.replace("/en/", "/zh/").replace(".en.", ".zh.") for link in english}
    # What there is in Chinese is linked in its place.
    for link in sorted(ours - {"README.zh.md"}):
        chinese_page = link.replace(".md", ".zh.md")
        if (pair[1].parent / chinese_page).exists():
            ours = ours - {link} | {chinese_page}
    assert ours - {"README.zh.md"} == chinese - {"README.md", "README.zh.md"}


@pytest.mark.parametrize(
    ("page", "language"), [*zip(STUDENTS, LANGUAGES, strict=True)], ids=LANGUAGES
)
def test_feedback_is_quoted_as_it_is_printed(page: Path, language: str) -> None:
    """Are the words of results, and the sentence that is explained, those of the feedback page?"""
    words = prose(page)
    for status in ExerciseStatus:
        if status.value != "not_graded":
            assert f"| `{status.value}` | {status.text.in_(language)} |" in words
    # "Success!" is a word of nbgrader's button.
    (quoted,) = set(re.findall('["“]([^"”`]+)["”]', INLINE_CODE.sub("", words))) - {"Success!"}
    assert TEXTS["helpers"].format(helpers="zero_pad").in_(language).startswith(quoted)


@pytest.mark.parametrize("page", [*READMES, *STUDENTS], ids=lambda page: page.name)
def test_pip_installs_what_students_need(page: Path) -> None:
    """Do the lines for plain Python, with and without a network, name the student group?"""
    lines = re.findall(r"-m pip (?:install|download -d \w+) (\S*\".+)", code(page))
    student = tomllib.loads(text_of(ROOT / "pyproject.toml"))["dependency-groups"]["student"]
    assert lines and all(re.findall(r'"([^"]+)"', line) == student for line in lines)


@pytest.mark.parametrize("page", STUDENTS, ids=lambda page: page.name)
def test_the_page_for_students_stands_alone(page: Path) -> None:
    """Does it lead to no file of the repository? A student has it as README.md in the zip."""
    assert [link for link in links(page) if not re.match(r"https:|#", link)] == []
    assert "README" not in text_of(page)


def test_docs_are_all_listed() -> None:
    """Does the index of docs/ name every page?"""
    listed = set(links(ROOT / "docs" / "README.md"))
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= listed


def in_repository(link: str) -> str:
    """The path in the public repository to which a link to Colab or Binder leads."""
    parts = urlsplit(link)
    return parse_qs(parts.query).get("labpath", [parts.path.partition("/HEAD/")[2]])[0]


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are those of a shell")
def test_public_repository_has_what_is_linked(tmp_path: Path) -> None:
    """Do the commands of docs/publishing.md, as they stand, put there what site and page link?"""
    private, public = tmp_path / "private", tmp_path / "cnn-course-public"
    for language, name in itertools.product(LANGUAGES, ASSIGNMENTS):
        folder = private / "build" / "release" / language / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text("{}", "utf-8")
        pack(folder, folder.with_name(f"{name}.zip"))
    page = text_of(ROOT / "docs" / "publishing.md")
    (commands,) = (block for block in CODE_BLOCK.findall(page) if "zipfile -e" in block)
    for name in re.findall(r"^cp -R (.+) \S+$", commands, re.MULTILINE)[0].split():
        (private / name).symlink_to(ROOT / name)
    for path in (*READMES, ROOT / "docs"):
        (private / path.name).symlink_to(path)
    python = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-e", "-c", commands.partition("autograder release\n")[2]],
        cwd=private,
        env={**os.environ, "PATH": f"{python}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    linked = [
        link.format(language=language, assignment=assignment)
        for link in outside_links("https://github.com/owner/course").values()
        for language, assignment in itertools.product(LANGUAGES, ASSIGNMENTS)
    ]
    linked += re.findall(r"`(https://mybinder\.org/\S+)`", page)
    paths = set(map(in_repository, linked))
    assert len(paths) == len(LANGUAGES) * len(ASSIGNMENTS)
    assert [path for path in sorted(paths) if not (public / path).is_file()] == []
    assert all((public / readme.name).read_text("utf-8").count("\n## ") == 3 for readme in READMES)
    for readme in READMES:
        pages = [link for link in links(public / readme.name) if "://" not in link]
        assert pages and [link for link in pages if not (public / link).is_file()] == []


def test_pages_agree_on_the_size_of_the_site() -> None:
    """Is the site as large in docs/publishing.md as in docs/platforms.md?"""
    publishing, platforms = (
        text_of(ROOT / "docs" / f"{n}.md") for n in ("publishing", "platforms")
    )
    (said,) = re.findall(r"`build/site`, about (\d+ MB)", publishing)
    assert re.findall(r"the built site \| (\d+ MB)", platforms) == [said]
