"""Does the builder keep the rules of a source, and is the course's own source fit to be read?"""

import ast
import itertools
import os
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from scipy.signal import convolve2d, correlate2d

import plots
from autograder.building import code_texts
from autograder.building import source as parsing
from autograder.building.notebooks import (
    DEMO,
    RAISES_EXCEPTION,
    SourceError,
    build_notebook,
    images_of,
    notebook_text,
)
from autograder.building.pictures import alt_texts, picture_path
from autograder.course import copy_course
from checks import text as languages
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES
from solutions.cnn_step_by_step import reference

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "notebooks" / "source" / "cnn_step_by_step.py"
ASSIGNMENT = ASSIGNMENTS[SOURCE.stem]
EXERCISES = [exercise.name for exercise in ASSIGNMENT.exercises]
ALT_TEXTS = alt_texts(ROOT)

NO_BREAK_SPACE = "\u00a0"
PAIR = '# %% [markdown] lang="en"\n# {en}\n\n# %% [markdown] lang="zh"\n# {zh}\n\n'


def pair(en: str, zh: str) -> str:
    return PAIR.format(en=en.replace("\n", "\n# "), zh=zh.replace("\n", "\n# "))


@pytest.fixture
def build(tmp_path: Path) -> Callable[[str], nbformat.NotebookNode]:
    """Build the English notebook of a source that is written out in a test."""

    def build_text(text: str) -> nbformat.NotebookNode:
        source = tmp_path / SOURCE.name
        source.write_text(text, "utf-8")
        return build_notebook(source, "en", {"a.png": {"en": "a", "zh": "甲"}})

    return build_text


@pytest.fixture
def source_text() -> str:
    return SOURCE.read_text("utf-8")


def markdown(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# What the builder refuses


@pytest.mark.parametrize(
    ("text", "cell", "reason"),
    [
        pytest.param('# %% [markdown] lang="en"\n# a\n', 1, "translation", id="en alone"),
        pytest.param(
            pair("a", "甲") + '# %% [markdown] lang="zh"\n# 乙\n', 3, "translation", id="zh"
        ),
        pytest.param(
            '# %% [markdown] lang="en"\n# a\n\n# %%\n1\n', 1, "translation", id="code between"
        ),
        pytest.param("# %% [markdown]\n# a\n", 1, "needs lang", id="no language"),
        pytest.param('# %% [markdown] lang="fr"\n# a\n', 1, "needs lang", id="unknown language"),
        pytest.param('# %% lang="en"\n1\n', 1, "no lang", id="language on code"),
        pytest.param("# %%\n# a\n# fr: b\n", 1, "in one of zh, not fr", id="unknown in code"),
        pytest.param("# %%\nx = 1\n# zh: x = 2\n", 1, "in zh more differs", id="other code"),
        pytest.param(
            '# %% test="zero_pad"\ncheck(zero_pad)\n# zh: check(zero_pad)\n',
            1,
            "same in every language",
            id="check by language",
        ),
        pytest.param("# %% color=1\n1\n", 1, "unknown metadata color", id="unknown metadata"),
        pytest.param('# %% tags=["hidden"]\n1\n', 1, "only tag", id="unknown tag"),
        pytest.param(
            '# %% solution="zero_pad" test="zero_pad"\n1\n', 1, "not several", id="two roles"
        ),
        pytest.param("# %% [raw]\n# a\n", 1, "neither markdown nor code", id="raw"),
        pytest.param(pair("$a+b$", "$a-b$"), 1, r"formula .*a\+b", id="formula"),
        pytest.param(pair("$$a$$", "没有"), 1, "formula", id="missing displayed formula"),
        pytest.param(pair("$a$ $a$", "$a$"), 1, "formula", id="formula less often"),
        pytest.param(pair("`x`", "`y`"), 1, "inline code", id="inline code"),
        pytest.param(pair("```\na\n```", "```\nb\n```"), 1, "code block", id="code block"),
        pytest.param(pair("![](images/a.png)", "![](images/b.png)"), 1, "image", id="image"),
        pytest.param(pair("## a", "### 甲"), 1, "heading level", id="heading"),
        pytest.param(pair("<details>", "甲"), 1, "HTML tag", id="details"),
        pytest.param(pair("costs $5", "价格 5 元"), 1, "never closed", id="lone dollar"),
        pytest.param(pair("a", "甲`"), 2, "never closed", id="lone backtick"),
        pytest.param(pair("```\n$a$\n```", "```\n$a$\n```"), 1, "inside a code block", id="fenced"),
    ],
)
def test_refuses_a_source_that_breaks_a_rule(build, text: str, cell: int, reason: str):
    """Does the error say in one line which file, which cell and what?"""
    with pytest.raises(SourceError, match=rf"{SOURCE.name}, cell {cell}: .*{reason}") as error:
        build(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('# %% test="zero_pad"', "# %%", "no test cell of zero_pad"),
        ('# %% solution="zero_pad"', '# %% solution="one_pad"', "one_pad is not an exercise"),
        ('# %% solution="zero_pad"', '# %% solution="pool_forward"', "second solution cell"),
        ("](#8-Putting-it-together)", "](#8-Putting-it)", "no heading for the link #8-Putting-it"),
        ("![](images/padding.png)", "![padding](images/padding.png)", "write an image as"),
        ("![](images/padding.png)", "![](pictures/padding.png)", "write an image as"),
        ("![](images/padding.png)", "![](images/absent.png)", "absent.png has no alt text for en"),
    ],
)
def test_refuses_a_damaged_course(
    tmp_path: Path, source_text: str, old: str, new: str, reason: str
):
    """Is an exercise without its cell, or an image without description, noticed?"""
    assert old in source_text
    source = tmp_path / SOURCE.name
    source.write_text(source_text.replace(old, new), "utf-8")
    with pytest.raises(SourceError, match=reason):
        build_notebook(source, "en", ALT_TEXTS)


def test_refuses_an_assignment_without_exercise_table(tmp_path: Path):
    """Does a source that checks does not know get an error that names it?"""
    source = tmp_path / "another.py"
    source.write_text(pair("a", "甲"), "utf-8")
    with pytest.raises(SourceError, match=r"another\.py: checks has no assignment another"):
        build_notebook(source, "en", {})


def test_refuses_an_unknown_language():
    """Is a language that the course does not have an error?"""
    with pytest.raises(ValueError, match="en, zh"):
        build_notebook(SOURCE, "fr", ALT_TEXTS)


# What the builder writes


@pytest.mark.parametrize("language", LANGUAGES)
def test_building_twice_gives_the_same_bytes(notebooks, language: str):
    """Is a rebuilt notebook identical, and does it end like a text file?"""
    first = notebook_text(notebooks[language])
    assert first == notebook_text(build_notebook(SOURCE, language, ALT_TEXTS))
    assert first.endswith("}\n")
    assert nbformat.reads(first, as_version=4) == notebooks[language]


def test_cell_ids_are_unique_and_the_same_in_both_languages(notebooks):
    """Can a cell be found again by its id, whatever the language?"""
    ids = {
        language: [cell.id for cell in notebook.cells] for language, notebook in notebooks.items()
    }
    assert ids["en"] == ids["zh"]
    assert len(set(ids["en"])) == len(ids["en"])
    assert set(EXERCISES) <= set(ids["en"])


def code_of(cell: nbformat.NotebookNode) -> str:
    """What runs: a cell's code without its texts."""
    tree = ast.parse(cell.source.replace("%matplotlib inline", ""))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            # A translation may begin or end with a value where the English text does not.
            node.values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_code_is_the_same_in_every_language(assignment):
    """Do all languages hold the same code, and the checks byte for byte, with the same metadata?"""
    source = SOURCE.with_stem(assignment)
    notebooks = {code: build_notebook(source, code, ALT_TEXTS) for code in LANGUAGES}
    english, *others = (code_cells(notebooks[language]) for language in LANGUAGES)
    for other in others:
        for ours, theirs in zip(english, other, strict=True):
            assert ours.metadata == theirs.metadata
            assert code_of(ours) == code_of(theirs)
            if ours.metadata.get("nbgrader", {}).get("locked", True):
                assert ours.source == theirs.source or DEMO in ours.metadata.get("tags", ())
    assert len({tuple(c.cell_type for c in n.cells) for n in notebooks.values()}) == 1


def test_no_notebook_shows_a_translation_mark(notebooks):
    """Are the lines that translate code taken out, and are the stubs' steps in their language?"""
    for language, notebook in notebooks.items():
        sources = [cell.source for cell in code_cells(notebook)]
        assert not any(re.search(r"^\s*# [a-z]{2}:( |$)", source, re.M) for source in sources)
        for name in EXERCISES:
            (stub,) = (cell.source for cell in code_cells(notebook) if cell.id == name)
            docstring = ast.get_docstring(ast.parse(stub).body[0])
            for shown in (docstring, *re.findall(r"^ *# (.+)", stub, re.M)):
                assert bool(re.search(r"[\u4e00-\u9fff]", shown)) == (language == "zh"), shown


def test_what_is_not_translated_is_in_english(tmp_path: Path, source_text: str, monkeypatch):
    """Does a language with few texts get a whole notebook, links and alt texts included?"""
    table = {**languages.TABLE, "eo": languages.Language("eo")}
    for module in (languages, parsing, code_texts):
        for name, value in (("TABLE", table), ("LANGUAGES", tuple(table))):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    before, setup, after = source_text.partition('# %% tags=["demo"]\n# Google Colab')
    packages = (
        '# %% [markdown] lang="eo"\n# ## 1 Pakoj\n#\n'
        "# - `numpy`, `matplotlib`, `public_tests`, `plots`\n\n"
    )
    end = "    # YOUR CODE ENDS HERE\n"
    source = tmp_path / SOURCE.name
    text = before + packages + setup + after.replace(end, f"{end}    # eo: Fino\n")
    source.write_text(text, "utf-8")
    english, notebook = (build_notebook(source, language, ALT_TEXTS) for language in ("en", "eo"))
    own = [
        theirs.source
        for ours, theirs in zip(english.cells, notebook.cells, strict=True)
        if ours.source != theirs.source
    ]
    assert own[0].startswith("## 1 Pakoj")
    assert len(own) == 1 + len(EXERCISES) and all("# Fino" in stub for stub in own[1:])
    assert notebook.metadata["course"]["language"] == "eo"
    assert [cell.id for cell in english.cells] == [cell.id for cell in notebook.cells]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_notebook_is_in_its_own_language(notebooks, language: str):
    """Is there Chinese in every cell of one notebook, and none in the other?"""
    for cell in notebooks[language].cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"<[^>]*>|!\[[^\]]*\]", "", cell.source)
            assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (language == "zh"), text[:80]


def test_no_nbgrader_metadata_on_markdown(notebooks):
    """Could nbgrader overwrite a text with the one of the other language?"""
    cells = [cell for cell in notebooks["en"].cells if cell.cell_type == "markdown"]
    assert all(cell.metadata == {} for cell in cells)


def test_grade_cells_are_what_nbgrader_expects(notebooks):
    """Does nbgrader accept the metadata, and do the points come from the exercise table?"""
    MetadataValidator().validate_nb(notebooks["en"])
    graded = {
        c.metadata["nbgrader"]["grade_id"]: c
        for c in code_cells(notebooks["en"])
        if "nbgrader" in c.metadata
    }
    assert list(graded) == [name for e in EXERCISES for name in (e, f"test_{e}")]
    for exercise in ASSIGNMENT.exercises:
        solution = graded[exercise.name].metadata
        test = graded[f"test_{exercise.name}"].metadata
        assert solution["nbgrader"]["solution"] and not solution["nbgrader"]["grade"]
        assert test["nbgrader"]["grade"] and test["nbgrader"]["locked"]
        assert test["nbgrader"]["points"] == exercise.points
        assert test["tags"] == [RAISES_EXCEPTION]
    assert sum(c.metadata["nbgrader"].get("points", 0) for c in graded.values()) == 100


def test_every_other_code_cell_is_a_demo(notebooks):
    """Is the set-up cell the only ungraded cell that runs when grading?"""
    plain = [c for c in code_cells(notebooks["en"]) if "nbgrader" not in c.metadata]
    (setup,) = (cell for cell in plain if DEMO not in cell.metadata.get("tags", ()))
    assert setup.metadata == {} and setup.source.startswith("%matplotlib inline\n")


def test_images_have_alt_texts_and_exist(notebooks):
    """Does each image lie in images/, with a description that the notebook carries?"""
    names = images_of(SOURCE)
    assert len(names) >= 8
    for name in names:
        assert all(picture_path(ROOT, name, language).is_file() for language in LANGUAGES)
        for language in LANGUAGES:
            text = markdown(notebooks[language]).replace(NO_BREAK_SPACE, " ")
            assert f"![{ALT_TEXTS[name][language]}](images/{name})" in text


def test_every_summary_shows_its_triangle(notebooks):
    """Can a reader see that a hint unfolds?"""
    assert "<summary>" not in markdown(notebooks["en"])
    assert markdown(notebooks["en"]).count("display:list-item") == markdown(notebooks["en"]).count(
        "</summary>"
    )


# Whether the course's own source is fit to be read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_summary_holds_markdown(assignment: str, language: str):
    """Is a summary plain text and HTML? Notebooks show Markdown in it as it is written."""
    notebook = build_notebook(SOURCE.with_stem(assignment), language, ALT_TEXTS)
    summaries = re.findall(r"<summary[^>]*>(.*?)</summary>", markdown(notebook), re.S)
    assert len(summaries) >= 3 * len(ASSIGNMENTS[assignment].exercises)
    assert [summary for summary in summaries if re.search(r"[*_`$]", summary)] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_cell_gives_the_answer_to_its_own_prediction(assignment: str):
    """Is every predicted number computed from data, and not from numbers that one can read?"""
    notebook = build_notebook(SOURCE.with_stem(assignment), "en", ALT_TEXTS)
    answers = [
        node.args[1]
        for cell in code_cells(notebook)
        for node in ast.walk(ast.parse(cell.source.replace("%matplotlib inline", "")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "plots.predict"
    ]
    assert len(answers) >= 10
    for answer in answers:
        assert any(isinstance(node, ast.Name) for node in ast.walk(answer)), ast.unparse(answer)


@pytest.mark.parametrize(
    ("assignment", "hours"), [("cnn_step_by_step", (3, 4)), ("convnet_application", (4, 5))]
)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "{} to {} hours"), ("zh", "{}到{}个小时")],
)
def test_the_outlines_minutes_add_up(assignment: str, hours, language: str, words: str):
    """Does the first cell promise as many hours as the table of contents has minutes?"""
    names = {3: ("three", "三"), 4: ("four", "四"), 5: ("five", "五")}
    notebook = build_notebook(SOURCE.with_stem(assignment), language, ALT_TEXTS)
    (outline,) = [c.source for c in notebook.cells if re.match("## 2 (Outline|内容安排)", c.source)]
    minutes = sum(map(int, re.findall(r"\| (\d+) \|$", outline, re.M)))
    assert hours[0] * 60 <= minutes <= hours[1] * 60
    said = words.format(*(names[hour][language == "zh"] for hour in hours))
    assert said in notebook.cells[0].source


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize(
    ("language", "unit", "most"), [("en", r"\S+", 500), ("zh", "[\u4e00-\u9fff]", 800)]
)
def test_the_first_code_comes_soon(assignment: str, language: str, unit: str, most: int):
    """Does a reader reach the first code within 500 English words, or 800 Chinese characters?"""
    cells = build_notebook(SOURCE.with_stem(assignment), language, ALT_TEXTS).cells
    before = itertools.takewhile(lambda cell: cell.cell_type == "markdown", cells)
    assert 100 < sum(len(re.findall(unit, cell.source)) for cell in before) <= most


@pytest.mark.parametrize(
    ("language", "unit", "most"), [("en", r"\S+", 500), ("zh", "[\u4e00-\u9fff]", 800)]
)
def test_something_to_see_comes_soon(notebooks, language: str, unit: str, most: int):
    """Is the first code that is more than imports as near, and does it need nothing written?"""
    cells = notebooks[language].cells
    (place,) = [n for n, cell in enumerate(cells) if "plots.edges(" in cell.source]
    before = [cell for cell in cells[:place] if cell.cell_type == "markdown"]
    assert 100 < sum(len(re.findall(unit, cell.source)) for cell in before) <= most
    assert "needs(" not in cells[place].source and "plots.predict(" in cells[place].source


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize(("language", "words"), [("en", "In short"), ("zh", "小结")])
def test_each_section_that_teaches_ends_with_its_summary(assignment: str, language: str, words):
    """Do three lines sum up every section between the outline and what to try next?"""
    notebook = build_notebook(SOURCE.with_stem(assignment), language, ALT_TEXTS)
    sections = re.split(r"^## (?=\d)", markdown(notebook), flags=re.MULTILINE)[1:]
    outline, after = (
        next(place for place, section in enumerate(sections) if re.match(heading, section))
        for heading in (r"2 (Outline|内容安排)", r"\d+ (What to try next|接下来可以试试)")
    )
    taught = sections[outline + 1 : after]
    assert len(taught) >= 6
    for section in taught:
        assert section.count(f"**{words}**") == 1, section[:40]
        assert re.search(rf"\*\*{words}\*\*\n\n(- [^\n]+\n?){{3}}\s*\Z", section), section[:40]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_prediction_is_asked_for_first(assignment: str, language: str):
    """Does each cell with a prediction open with its question, and leave the number open?"""
    notebook = build_notebook(SOURCE.with_stem(assignment), language, ALT_TEXTS)
    cells = [c.source for c in code_cells(notebook) if "plots.predict(" in c.source]
    assert len(cells) >= 15
    for cell in cells:
        assert cell.startswith({"en": "# Predict: ", "zh": "# 预测："}[language]), cell[:80]
        question = cell.partition("\nprediction = None\n")[0]
        assert all(line.startswith("#") for line in question.splitlines()), cell[:80]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebook_says_that_its_language_is_python(assignment: str, language: str):
    """Is a file that is exported from the notebook as it was handed out named .py?"""
    notebook = nbformat.read(
        ROOT / "notebooks" / language / assignment / f"{assignment}.ipynb", as_version=4
    )
    assert notebook.metadata.language_info.file_extension == ".py"


def test_a_filter_is_learned_from_its_effect_alone(notebooks, monkeypatch):
    """Does the random filter of section 6 become the Sobel filter, and the loss vanish?"""
    cells = code_cells(notebooks["en"])
    (learning,) = (cell.source for cell in cells if "plots.learned_filter(" in cell.source)
    (sobel,) = re.findall("^vertical_edges = .*\n", "\n".join(c.source for c in cells), re.M)
    drawn = []
    monkeypatch.setattr(plots, "learned_filter", lambda *values: drawn.append(values))
    names = vars(reference) | {"plots": plots, "np": np, "needs": lambda *_: nullcontext()}
    exec(sobel + learning, names)
    ((wanted, learned, losses),) = drawn
    np.testing.assert_allclose(learned, wanted, atol=1e-4)
    assert len(losses) == 30 and losses[0] > 1 and losses[-1] < 1e-8


def solution_cell(notebook: nbformat.NotebookNode, name: str) -> ast.FunctionDef:
    (cell,) = (c for c in code_cells(notebook) if c.id == name)
    (function,) = ast.parse(cell.source).body
    return function


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=EXERCISES)
def test_stubs_hold_no_solution(notebooks, exercise):
    """Does a stub only describe, raise, and return the variables that it names?"""
    function = solution_cell(notebooks["en"], exercise.name)
    assert function.name == exercise.name
    assert tuple(argument.arg for argument in function.args.args) == exercise.parameters
    docstring, error, *rest = function.body
    assert isinstance(docstring, ast.Expr) and isinstance(docstring.value, ast.Constant)
    assert ast.unparse(error) == f"raise NotImplementedError('{exercise.name}')"
    *caches, returned = (ast.unparse(statement) for statement in rest)
    assert all(statement.startswith("cache = (") for statement in caches)
    assert returned.removeprefix("return ").strip("()") == ", ".join(exercise.outputs)


def test_nothing_outside_the_stubs_defines_an_exercise(source_text: str):
    """Is no exercise's function defined or assigned twice, in a demo for example?"""
    for name in EXERCISES:
        assert source_text.count(f"def {name}(") == 1
        assert not re.search(rf"^\s*{name} = ", source_text, re.MULTILINE)


def test_demo_cells_leave_the_names_of_the_exercises_alone(notebooks):
    """Could a function that forgets to define a name find it as a global of a demo cell?"""
    local = {"m", "i", "h", "w", "c", "f", "n_H", "n_W", "n_C", "n_H_prev", "n_W_prev", "n_C_prev"}
    local |= {"stride", "pad", "vert_start", "vert_end", "horiz_start", "horiz_end", "a_slice_prev"}
    local |= {"a_prev_pad", "A_prev_pad", "da_prev_pad", "dA_prev_pad", "a_prev", "s", "x", "shape"}
    for exercise in ASSIGNMENT.exercises:
        local |= {*exercise.parameters, *exercise.outputs}
    for cell in code_cells(notebooks["en"]):
        if DEMO in cell.metadata.get("tags", []):
            names = {
                n.id
                for n in ast.walk(ast.parse(cell.source))
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            assert not names & local, cell.id


@pytest.mark.parametrize(
    ("language", "exercise", "hint", "question"),
    [("en", "Exercise", "Hint", "Question"), ("zh", "练习", "提示", "思考题")],
)
def test_each_exercise_has_three_hints_and_each_section_few_questions(
    notebooks, language: str, exercise: str, hint: str, question: str
):
    """Are hints graded in three steps, and are there at most two questions in a section?"""
    text = markdown(notebooks[language])
    for number, name in enumerate(EXERCISES, 1):
        (section,) = re.findall(
            rf"^### {exercise} {number} – {name}\n(.*?)(?=^#|\Z)", text, re.M | re.S
        )
        assert re.findall(rf"{hint} (\d)", section) == ["1", "2", "3"]
    for section in re.split(r"^##+ (?=\d)", text, flags=re.MULTILINE):
        questions = re.findall(rf">{question} (\d)", section)
        assert questions in ([], ["1"], ["1", "2"])


@pytest.mark.parametrize(("language", "words"), [("en", "play button ▶"), ("zh", "播放按钮 ▶")])
def test_text_before_the_animation_says_how_to_start_it(notebooks, language: str, words: str):
    """Does a learner know that the animation waits for a press of its button?"""
    cells = notebooks[language].cells
    (place,) = [k for k, cell in enumerate(cells) if "plots.filter_moving(" in cell.source]
    assert words in cells[place - 1].source


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_outline_lead_to_their_sections(notebooks, language: str):
    """Does each link in the outline name the cell that starts with the linked heading?"""
    headings = {cell.id: cell.source.split("\n")[0] for cell in notebooks[language].cells}
    links = re.findall(r"\[([^\]]+)\]\(#cell-id=([^)]+)\)", markdown(notebooks[language]))
    assert len(links) == 9
    for text, cell_id in links:
        assert headings[cell_id] == f"## {text}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS.values(), ids=lambda a: a.name)
def test_points_of_the_outline(assignment, language: str):
    """Does the outline list every exercise in its order, with the points that it pays?"""
    notebook = build_notebook(SOURCE.with_stem(assignment.name), language, ALT_TEXTS)
    (outline,) = [c.source for c in notebook.cells if re.match("## 2 (Outline|内容安排)", c.source)]
    found = re.findall(r"`(\w+)`(?: \(|（)(\d+)[)）]", outline)
    assert found == [(e.name, f"{e.points:g}") for e in assignment.exercises]


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_is_the_assignments(notebooks, language: str):
    """Does the notebook carry the title under which the grader reports it?"""
    assert notebooks[language].cells[0].source.startswith(f"# {ASSIGNMENT.title.in_(language)}\n")


# Whether the numbers of the worked examples are correct


def pmatrix(values: np.ndarray) -> str:
    """Write a matrix as the source does."""
    rows = (" & ".join(f"{value:g}" for value in row) for row in np.atleast_2d(values))
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def assert_stands_in(text: str, *formulas: str) -> None:
    for formula in formulas:
        assert formula in text, formula


def test_parameter_counts_are_right(source_text: str):
    """Do the products in the text multiply out?"""
    equations = re.findall(r"\$+([\d\\(cdot) +]+?) = (\d+)\$", source_text)
    assert len(equations) >= 2 * 8
    for expression, result in equations:
        assert eval(expression.replace(r"\cdot", "*")) == int(result), (
            expression
        )  # digits and +*() only


def test_single_step_example_is_right(source_text: str):
    """Is 6.5 the answer, and 10 what a bias inside the sum gives?"""
    a_slice = np.array([[[1, 2], [0, 1]], [[3, 0], [1, 2]]])
    weights = np.array([[[1, 0], [-1, 2]], [[1, 1], [2, -1]]])
    products = a_slice * weights
    assert products.sum() + 0.5 == 6.5
    assert (products + 0.5).sum() == 10
    assert_stands_in(source_text, *(pmatrix(channel) for channel in products))


def test_convolution_example_is_right(source_text: str):
    """Are the windows of stride 2 added up correctly?"""
    P = np.array([[0, 0, 1, 1, 1, 0, 0]] * 5)
    P[2, 1:5], P[3, 6] = (2, 1, 1, 0), 3
    W = np.array([[1, 0, -1]] * 3)
    Z = correlate2d(P, W, mode="valid")[::2, ::2] + 1
    formula = rf"P = {pmatrix(P)} \qquad W = {pmatrix(W)} \qquad Z = {pmatrix(Z)}"
    assert source_text.count(formula) == 2


def test_pooling_example_is_right(source_text: str):
    """Are the maxima and means those of the four windows?"""
    A = np.array([[1, 3, 2, 1, 0], [4, 2, 0, 5, 7], [6, 1, 1, 1, 0], [0, 1, 2, 8, 9]])
    windows = A[:, :4].reshape(2, 2, 2, 2).swapaxes(1, 2)
    assert_stands_in(
        source_text, pmatrix(A), pmatrix(windows.max((2, 3))), pmatrix(windows.mean((2, 3)))
    )


def test_convolution_gradient_example_is_right(source_text: str):
    """Do correlation and convolution give the gradients of the text?"""
    P, W = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]]), np.array([[1, 2], [0, -1]])
    dZ = np.array([[1, 0], [2, -1]])
    given = rf"P = {pmatrix(P)} \qquad W = {pmatrix(W)} \qquad dZ = {pmatrix(dZ)}"
    dW, dP = correlate2d(P, dZ, mode="valid"), convolve2d(dZ, W, mode="full")
    assert_stands_in(source_text, given, f"= {pmatrix(dW)}$", f"= {pmatrix(dP)}$")
    assert dP.sum() == W.sum() * dZ.sum() == 4


def test_pooling_gradient_example_is_right(source_text: str):
    """Does each window hand its gradient to the right places?"""
    A, dA = np.array([[1, 5, 2], [0, 3, 4], [6, 1, 0]]), np.array([[1, 2], [3, 4]])
    by_maximum = np.zeros((3, 3))
    for number, winner in zip(dA.flat, ((0, 1), (0, 1), (2, 0), (1, 2)), strict=True):
        by_maximum[winner] += number
    assert [A[0:2, 0:2].max(), A[0:2, 1:3].max(), A[1:3, 0:2].max(), A[1:3, 1:3].max()] == [
        5,
        5,
        6,
        4,
    ]
    assert_stands_in(
        source_text, pmatrix(by_maximum), pmatrix(convolve2d(dA, np.full((2, 2), 0.25)))
    )


# Whether the built notebook runs


def run_built(language: str, folder: Path) -> nbformat.NotebookNode:
    """Run the built notebook with what a student has beside it."""
    from nbclient import NotebookClient

    built = ROOT / "notebooks" / language / SOURCE.stem
    folder = folder / SOURCE.stem
    copy_course(built, folder)
    notebook = nbformat.read(built / f"{SOURCE.stem}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    return notebook


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_unfilled_notebook_runs_to_the_end(language: str, tmp_path: Path):
    """Does Run All reach the last cell, with one short line where something is not written yet?"""
    notebook = run_built(language, tmp_path)
    cells = code_cells(notebook)
    assert all(cell.execution_count for cell in cells)
    for cell in cells:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
        assert not any(o.get("name") == "stderr" for o in cell.outputs), cell.id
        if cell.id.startswith("test_"):
            (error,) = errors
            assert cell.id.removeprefix("test_") in error.evalue and "\n" not in error.evalue
        else:
            assert not errors, cell.id
            if "needs(" in cell.source:
                assert len(printed.splitlines()) == 1, printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cell_for_colab(notebooks, language: str, tmp_path: Path, monkeypatch) -> None:
    """Does it fetch the course and go to its folder in Colab, and do nothing elsewhere?"""
    address = "https://github.com/owner/course"
    cells = build_notebook(SOURCE, language, ALT_TEXTS, address).cells
    (cell,) = (cell for cell in cells if "google.colab" in cell.source)
    (ours,) = (cell for cell in notebooks[language].cells if "google.colab" in cell.source)
    assert DEMO in cell.metadata["tags"]
    assert ours.source == cell.source.replace(address, "")
    asked: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "system", asked.append)
    exec(cell.source, {})
    assert asked == [] and Path.cwd() == tmp_path

    folder = tmp_path / "course" / "notebooks" / language / SOURCE.stem
    folder.mkdir(parents=True)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    exec(cell.source, {})
    assert asked == [f"git clone --quiet --depth 1 {address} course"] and Path.cwd() == folder


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_cell_for_colab_without_an_address(
    assignment: str, language: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    """Does it say in one line what to ask for, and ask Git and the file system for nothing?"""
    cells = build_notebook(SOURCE.with_stem(assignment), language, ALT_TEXTS).cells
    (cell,) = (cell for cell in cells if "google.colab" in cell.source)
    asked: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "system", asked.append)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    exec(cell.source, {})
    (line,) = capsys.readouterr().out.splitlines()
    assert ("ask for" if language == "en" else "索要") in line and "`address`" in line
    assert asked == [] and Path.cwd() == tmp_path
