"""The page a student reads: complete, self-contained, and dead to whatever was handed in."""

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.model import CauseVerdict, Marks, Output, Verdict
from autograder.pages import feedback
from autograder.pages.feedback import feedback_page, write_feedback
from autograder.pages.report import class_report
from autograder.reading.submissions import UNMARKED
from autograder.recording.recorder import record
from autograder.status import CellStatus, ExerciseStatus, Status
from autograder.texts import same_in_all
from checks.text import LANGUAGES
from tests.grading.conftest import cell_verdict, with_exercise

NAME = "cnn_step_by_step"
HOSTILE = (
    "</code></pre><script>document.title='owned'</script><img src=x onerror=\"alert(1)\">\u202e"
)


class Page(HTMLParser):
    """The elements and the visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text("x")
    return path


def test_what_a_student_reads(file, verdict_of):
    """Are score, checks, the named cause, its hint and the line to replay on the page?"""
    verdict = verdict_of(file, "ada", {"conv_forward": 5.0})
    page = Page(feedback_page(verdict))
    for text in ("ada", "80", "of 100 points", "stride is ignored", "Hint:", "12 of 40 values"):
        assert text in page.text
    assert f"seed = {verdict.seed}\nconv_forward(*replay(" in page.text
    assert ("What to do next" in page.text) and ("Begin with conv_forward." in page.text)


def test_chinese(file, verdict_of):
    """Is the page of a Chinese submission Chinese, its lang attribute too?"""
    page = Page(feedback_page(verdict_of(file, "张三", {"zero_pad": 0.0}, language="zh")))
    assert page.all("html")[0]["lang"] == "zh-Hans"
    for text in ("张三", "下一步做什么", "未通过", "提示"):
        assert text in page.text
    assert not re.search(r"\b(passed|failed|Hint|Your code)\b", page.text)


def test_all_texts_are_in_both_languages():
    """Does every text of the page exist in both languages, with the same placeholders?"""
    for text in feedback.TEXTS.values():
        assert text["en"].strip()
        assert text["zh"].strip()
        assert sorted(re.findall(r"{\w+}", text["en"])) == sorted(re.findall(r"{\w+}", text["zh"]))


@pytest.mark.parametrize(
    ("states", "first"),
    [
        ({"pool_forward": "wrong", "zero_pad": "not_implemented"}, "pool_forward"),
        ({"pool_backward": "not_implemented", "conv_forward": "missing"}, "pool_backward"),
        ({"conv_backward": "timeout"}, "conv_backward"),
        ({"distribute_value": "error"}, "distribute_value"),
        ({"zero_pad": "missing"}, "zero_pad"),
    ],
)
def test_what_to_do_next(file, verdict_of, states, first):
    """Is one thing to do first named: a mistake before what is not written?"""
    verdict = verdict_of(file, "ada", dict.fromkeys(states, 0.0))
    for name, status in states.items():
        verdict = with_exercise(verdict, name, status=ExerciseStatus(status), diagnosis=())
    page = Page(feedback_page(verdict))
    start = page.text.index("What to do next")
    assert first in page.text[start : start + 120]


def test_all_right_and_unreadable(file, verdict_of):
    """Is a full score praised, and does the page ask for an unreadable file again?"""
    assert "Well done" in feedback_page(verdict_of(file, "ada"))
    failed = verdict_of(file, "ada", status=Status.FAILED, problems=["The file is empty."])
    page = feedback_page(failed)
    assert "The file is empty." in page
    assert "hand it in again" in page
    assert "Well done" not in page
    assert feedback_page(replace(failed, exercises=(), cells=()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lost_marks_are_no_reason_to_look(file, verdict_of, language):
    """Does a page of a notebook without marks say what Validate says, and nobody have to look?"""
    plain = verdict_of(file, "ada", language=language)
    verdict = Verdict.from_json(json.loads(json.dumps(replace(plain, note=UNMARKED).to_json())))
    assert (
        "Validate" in UNMARKED[language] and UNMARKED[language] in Page(feedback_page(verdict)).text
    )
    assert "Validate" not in feedback_page(plain)
    assert not verdict.needs_a_look() and verdict.contract_json() == plain.contract_json()
    assert "Validate" not in feedback_page(replace(verdict, status=Status.FAILED))
    old = {name: value for name, value in plain.to_json().items() if name != "note"}
    assert Verdict.from_json(old) == plain


def test_marks_of_a_person(file, verdict_of):
    """Do manual marks, comments and a late penalty show and count?"""
    verdict = verdict_of(file, "ada", {"conv_forward": 0.0})
    scores = {e.grade_id: e.score for e in verdict.exercises}
    marks = Marks(
        scores | {"test_conv_forward": 18.0},
        frozenset({"test_conv_forward"}),
        {"conv_forward": "Clean loops.\n<b>Only</b> the corner is off."},
        10.0,
    )
    page = Page(feedback_page(verdict, marks))
    for text in ("83 of", "18 / 25", "marked by hand", "<b>Only</b>", "Late submission: −10"):
        assert text in page.text


def test_code_and_outputs(file, verdict_of, samples):
    """Are the student's code, by function and with line numbers, and pictures on the page?"""
    cell = "import numpy as np\n\ndef zero_pad(X, pad):\n    return X  # done\n"
    verdict = verdict_of(file, "ada", {"zero_pad": 0.0})
    cells = (
        cell_verdict(cell, 2, ["shape (4,)", {"png": samples.picture}]),
        cell_verdict("1/0", 3, error="ZeroDivisionError: division by zero"),
    )
    page = Page(feedback_page(replace(verdict, cells=cells)))
    assert [line["data-n"] for line in page.all("span") if line.get("class") == "line"] == [
        "3",
        "4",
    ]
    assert "shape (4,)" in page.text
    assert "ZeroDivisionError" in page.text
    (image,) = page.all("img")
    assert image["src"].startswith("data:image/png;base64,")
    assert image["alt"]


OWN_HELPER = """import numpy as np


def _padded(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def zero_pad(X, pad):
    return _padded(X, pad)"""


def test_whole_solution_cells(course, submit, verdict_of):
    """Is all code of a solution cell on the page and in the autograded notebook, helpers too?

    A cell that ended in a way that is not known is refused.
    """
    elsewhere = "def pool_forward(A_prev, hparameters):\n    return A_prev, 'elsewhere'"
    path = submit("ada", {"zero_pad": OWN_HELPER}, extra=(elsewhere,))
    verdict = verdict_of(path, "ada", {"zero_pad": 0.0, "pool_forward": 0.0})
    data = json.loads(json.dumps(verdict.to_json()))
    assert Verdict.from_json(data) == verdict
    assert all(type(cell.status) is CellStatus for cell in Verdict.from_json(data).cells)
    data["cells"][0]["status"] = "ended somehow"
    with pytest.raises(ValueError, match="ended somehow"):
        Verdict.from_json(data)
    page = Page(feedback_page(verdict))
    record([verdict], course)
    graded = course.folder("autograded", "ada", NAME) / f"{NAME}.ipynb"
    cells = json.loads(graded.read_text("utf-8"))["cells"]
    notebook = "\n".join("".join(cell["source"]) for cell in cells)
    for line in (*OWN_HELPER.split("\n"), *elsewhere.split("\n")):
        assert line in page.text and line in notebook


def hostile_verdict(verdict_of, file):
    text = same_in_all(HOSTILE)
    verdict = verdict_of(file, HOSTILE, {"zero_pad": 0.0}, problems=[HOSTILE])
    cause = CauseVerdict("x", text, same_in_all(f"`{HOSTILE}`"))
    for exercise in verdict.exercises:
        checks = tuple(replace(check, detail=text) for check in exercise.checks)
        more = {"note": text, "where": text, "diagnosis": (cause,), "checks": checks}
        verdict = with_exercise(verdict, exercise.name, **more)
    source = f"def zero_pad(X, pad):\n    '''{HOSTILE}'''\n{HOSTILE}"
    cell = cell_verdict(source, 1, [HOSTILE, {"png": "PHN2Zz4="}], HOSTILE)
    return replace(verdict, cells=(cell,))


def test_hostile_text_is_text(file, verdict_of):
    """Is markup of a student text on the page, wherever it comes from, and bidi visible or gone?"""
    page = feedback_page(hostile_verdict(verdict_of, file))
    found = Page(page)
    assert not found.all("script")
    assert not found.all("img")
    assert not [key for _, attributes in found.elements for key in attributes if key[:2] == "on"]
    assert "\u202e" not in page


def test_page_is_self_contained(file, verdict_of):
    """Does the page load nothing, style nothing inline, and forbid scripts by its policy?"""
    page = Page(feedback_page(verdict_of(file, "ada", {"zero_pad": 0.0})))
    for _, attributes in page.elements:
        assert "style" not in attributes
        assert not attributes.get("src", "data:").startswith(("http", "//"))
        assert attributes.get("href", "#").startswith("#")
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv")]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy


def test_structure(file, verdict_of):
    """Are there landmarks, one h1, headings without gaps, table headers with scope, unique ids?"""
    page = Page(feedback_page(verdict_of(file, "ada", {"zero_pad": 0.0})))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == tags.count("main") == tags.count("header") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(th.get("scope") for th in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labels = {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a}
    assert labels <= set(ids)


@pytest.mark.slow
def test_size(file, verdict_of, samples):
    """Does the page stay small with endless code, outputs and pictures?"""
    verdict = verdict_of(file, "ada", {"zero_pad": 0.0})
    code = "def zero_pad(X, pad):\n" + "    x = 1\n" * 100_000
    outputs = (Output("y" * 1_000_000),) * 500 + (Output(png=samples.picture),) * 500
    cells = tuple(replace(cell_verdict(code, i), outputs=outputs) for i in range(60))
    # By itself, because pytest would write out the 60 GB of outputs if it failed.
    size = len(feedback_page(replace(verdict, cells=cells)))
    assert size < 2_500_000


@pytest.mark.parametrize(
    "code",
    [
        "'" * 60_000,
        "\\" * 60_000,
        "(" * 60_000,
        'f"{' * 6_000,
        "0x" * 10_000,
        " " * 19_000 + "x",
        "\n" * 19_000,
        "(" + "\n" * 900_000,
        '"""' + "\\\n" * 9_000,
        "@" * 19_000,
        "#" + "\ud800" * 1_000,
    ],
    ids=lambda code: repr(code[:4]),
)
def test_pathological_code(file, verdict_of, code):
    """Does text made against highlighters and parsers lead to a page all the same?"""
    verdict = verdict_of(file, "ada", {"zero_pad": 0.0})
    source = f"def zero_pad(X, pad): pass\n{code}"
    feedback_page(replace(verdict, cells=(cell_verdict(source),))).encode()


def test_written_page(course, submit, verdict_of):
    """Is the page written to feedback/<student>/<assignment>/<assignment>.html?"""
    verdict = verdict_of(submit("张三"), "张三")
    path = write_feedback(course, verdict)
    assert path.relative_to(course.root).as_posix() == (
        "build/feedback/张三/cnn_step_by_step/cnn_step_by_step.html"
    )
    assert "张三" in path.read_text("utf-8")


def test_hostile_page_in_a_browser(file, verdict_of, browser, tmp_path):
    """Does nothing of a hostile submission act in a browser, and does our style apply?"""
    (tmp_path / "page.html").write_text(feedback_page(hostile_verdict(verdict_of, file)), "utf-8")
    page = browser.new_page()
    said = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    assert page.title().startswith("Feedback")
    assert said == [(tmp_path / "page.html").as_uri()]
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.exercise')).borderRadius")
        == "12px"
    )


def test_lines_to_paste_are_spoken_of_where_there_are_any(verdict_of, tmp_path):
    """Does a page without a mistake say nothing of lines that it does not have?"""
    path = tmp_path / "x.ipynb"
    for language, again in (("en", "draw the same ones"), ("zh", "同样的输入")):
        right = feedback_page(verdict_of(path, "ada", language=language))
        wrong = feedback_page(verdict_of(path, "ada", {"zero_pad": 0.0}, language=language))
        assert (again in right, again in wrong) == (False, True)


# A Latin mark beside a Chinese character, among what a person reads.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff]\s*[:,;(]|[,:;]\s*[\u4e00-\u9fff]|\)[\u4e00-\u9fff]")


def test_marks_of_a_chinese_page(verdict_of, tmp_path):
    """Do labels, lists and numbers on Chinese pages have Chinese marks?"""
    code = "def zero_pad(X, pad):\n    return X\n"
    path = tmp_path / "x.ipynb"
    verdict = verdict_of(path, "ada", {"pool_forward": 0.0}, language="zh")
    verdict = replace(verdict, cells=(cell_verdict(code, 0, ["1"]),))
    verdict = replace(verdict, exercises=verdict.exercises[:3])
    marks = Marks({}, late_penalty=5.0)
    for page in (feedback_page(verdict, marks), class_report([verdict], "zh")):
        shown = re.sub(r"<(style|script|pre).*?</\1>|<code>.*?</code>", "", page, flags=re.DOTALL)
        shown = re.sub(r"<[^>]*>", "", shown)
        assert HALF_WIDTH.findall(shown) == []
        assert "检查项（" in shown or "班级报告：" in shown
