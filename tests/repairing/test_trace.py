"""Does a trace show the line at which a function leaves the right way, and no other?"""

import ast
import inspect
import itertools
import math
import random
import re
from dataclasses import replace

import numpy as np
import pytest

from autograder.grading.answers import right_answers
from autograder.grading.asked import hidden_arguments
from autograder.grading.grader import Grader
from autograder.model import ExerciseVerdict, Line
from autograder.repairing.code import Code, plain_text
from autograder.repairing.dialogue import Inputs
from autograder.repairing.explain import Explainer
from autograder.repairing.repair import Repairer
from autograder.repairing.search import changed_lines
from autograder.repairing.trace import values
from autograder.repairing.trace.odd import odd_names
from autograder.repairing.trace.recorder import MOST_NUMBERS, records
from autograder.repairing.trace.told import with_first_wrong
from autograder.repairing.trace.traced import Tracer, Tracing
from autograder.repairing.trace.values import Places, Room, TooMuch
from autograder.repairing.trace.writer import instrumented
from autograder.sandbox import Sandbox
from autograder.sandbox.inside.versions import MOST_NUMBERS as MOST_OF_A_VERSION
from autograder.status import ExerciseStatus
from checks.assignments import ASSIGNMENTS, FIRST
from checks.compare import compare
from checks.judge import outputs_of
from checks.plain import copy_plain, same_plain, to_plain
from solutions.catalogue import load, patched_source
from solutions.gallery import styles

SECOND = "convnet_application"
SEED = 5
SAMPLES = 60

POOL = inspect.getsource(load(FIRST).reference.pool_forward)
CONV = inspect.getsource(load(FIRST).reference.conv_forward)
END = ("vert_end = vert_start + f", "vert_end = vert_start + 1")
MEAN = ("np.mean(a_prev_slice)", "np.sum(a_prev_slice) / 2")


def _namespace(assignment):
    catalogue = load(assignment)
    return {**vars(catalogue.reference), **catalogue.functions}


def _inputs(assignment, name):
    exercise = ASSIGNMENTS[assignment].exercise(name)
    arguments = hidden_arguments(exercise, SEED)
    return Inputs(exercise, arguments, right_answers(load(assignment), exercise, arguments))


def _failing(inputs, function):
    """Return the first case in which a function is wrong; "" where it is right."""
    for case, arguments in inputs.arguments.items():
        try:
            value = to_plain(function(*copy_plain(arguments)))
        except Exception:
            return case
        outputs, _ = outputs_of(inputs.exercise, value)
        wanted = inputs.expected[case]
        if any(compare(outputs.get(name), wanted[name]) is not None for name in wanted):
            return case
    return ""


def _told(assignment, name, source):
    """Return the lines that a trace tells, of the plain text; None where nothing is wrong."""
    inputs, text = _inputs(assignment, name), plain_text(source)
    namespace = _namespace(assignment)
    exec(text, namespace)
    case = _failing(inputs, namespace[name])
    if not case:
        return None
    dialogue = Tracing(text, inputs, 1.0)
    made = instrumented(dialogue.code)
    if made is None:
        return ()
    exec(made.text, namespace)
    trace = namespace[name](*copy_plain(inputs.arguments[case]))
    dialogue.trace, dialogue.traced = to_plain(trace), case
    return Tracer(load(assignment)).lines(dialogue)


def _texts(source, lines):
    text = plain_text(source).split("\n")
    return [text[number - 1].strip() for number in lines]


def _changed(source, *changes):
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    return source


@pytest.mark.parametrize("assignment", [FIRST, SECOND])
def test_a_traced_function_computes_the_same(assignment):
    """Do functions of every style compute in the traced version what they compute without it?"""
    for functions in styles(assignment).values():
        namespace = {**_namespace(assignment)}
        exec("\n\n".join(functions.values()), namespace)
        for name, source in functions.items():
            if name not in {e.name for e in ASSIGNMENTS[assignment].exercises}:
                continue
            made = instrumented(Code(plain_text(source)), most=10**7)
            if made is None:
                continue
            # The version returns its trace: here it has to return the value instead.
            before, call, _ = made.text.partition("    try:\n        trace_function(")
            assert call
            text = f"{before}    return trace_function(*trace_given, **trace_named)"
            for case, arguments in list(_inputs(assignment, name).arguments.items())[:2]:
                exec(source, namespace)
                wanted = to_plain(namespace[name](*copy_plain(arguments)))
                exec(text, namespace)
                got = to_plain(namespace[name](*copy_plain(arguments)))
                assert same_plain(got, wanted), (name, case)


def _run(source, *arguments):
    made = instrumented(Code(plain_text(source)))
    namespace = {"np": np}
    exec(made.text, namespace)
    trace = namespace[made.text[4 : made.text.index("(")]](*arguments)
    found = records(trace, len(made.sites))
    return [(made.sites[number], value) for number, value in found], trace


def test_names_statements_and_turns_are_recorded():
    """Is each value recorded with its line, parts of tuples and places of arrays included?"""
    source = """def f(x, trace_):
        a, (b, c) = 1, (2, 3)
        for slice in range(2):
            x[slice, 1:] += b
        return x
    """.replace("\n    ", "\n")
    found, _ = _run(source, np.zeros((2, 3)), 0)
    told = [(site.kind, site.name, site.line) for site, _ in found]
    assert told[:3] == [("bind", "a", 2), ("bind", "b", 2), ("bind", "c", 2)]
    written = [value for site, value in found if site.kind == "write"]
    shape, (index,), value = written[1]
    assert (shape, index, value) == ((2.0, 3.0), (1.0, slice(1, None)), 2.0)
    assert np.array_equal(found[-1][1], [[0, 2, 2], [0, 2, 2]])


@pytest.mark.parametrize(
    "ending", ["raise ValueError", "x[9] = 1", "for i in iter(int, 1):\n  big = np.ones(500)"]
)
def test_a_trace_ends_where_the_function_does(ending):
    """Is what was recorded returned, and no more than the sandbox takes?"""
    found, trace = _run(f"def f(x):\n a = 4\n {ending}", np.zeros(2))
    assert found[0][1] == 4.0
    assert sum(part.size for part in trace) <= MOST_NUMBERS < MOST_OF_A_VERSION


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        (np.zeros(3), np.zeros(3)),
        (np.array([0, 3, 10**6, 10**6, 10**6]), np.zeros(1)),
        (np.array([0, -2, 10**15]), np.zeros(1)),
        (np.array([0, 10**12]), np.zeros(1)),
        (np.array([10**9, 0]), np.zeros(1)),
        (np.array([0, *[-2, 1] * 500]), np.zeros(0)),
        (np.array([0, 0]), np.array(["1"])),
        (np.array([0, 0]), np.array([1j])),
        (np.array([0, 0]), np.array(["1980-01-01"], "M8[D]")),
    ],
)
def test_what_is_no_trace_tells_nothing(value):
    """Does a child that returns anything else get no line, and do no harm?"""
    dialogue = Tracing(plain_text(POOL), _inputs(FIRST, "pool_forward"), 1.0)
    dialogue.trace = value
    dialogue.traced = next(iter(dialogue.inputs.arguments))
    assert Tracer(load(FIRST)).lines(dialogue) == ()


def test_the_first_of_several_mistakes_is_told():
    """Is the first wrong value's line told, where one change would not be enough?"""
    source = _changed(POOL, END, MEAN)
    assert _texts(source, _told(FIRST, "pool_forward", source)) == [END[1]]


def test_a_value_that_is_meant_otherwise_is_not_told():
    """Is nothing said of a name that holds something else, which later lines take into account?"""
    other = ("vert_end = vert_start + f", "vert_end = vert_start + f - 1")
    source = _changed(POOL, other, ("vert_start:vert_end,", "vert_start:vert_end + 1,"), MEAN)
    told = _texts(source, _told(FIRST, "pool_forward", source))
    assert other[1] not in told


def test_nothing_is_told_of_what_reads_something_wrong_or_unknown():
    """Is a line left alone that computes with a global, or with what is wrong already?"""
    source = _changed(CONV, ("h * stride", "h * STEP"))
    namespace_free = _told(FIRST, "conv_forward", source)
    assert "vert_start = h * STEP" not in _texts(source, namespace_free or ())


RELU = "def relu_forward(Z):\n    A = Z.copy()\n    {}\n    return A{}\n"
PADDED = """def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C))
    {}
    return X_pad
"""
INNER = "X_pad[:, pad:pad + n_H, pad:pad + n_W]"
TURNED = "X_pad.transpose(3, 0, 1, 2)[:, :, pad:pad + n_H, pad:pad + n_W]"
UNRECORDED = {
    "flat": "A.flat[A.flat < 1] = 0",
    "ravel": "A.ravel()[A.ravel() < 1] = 0",
    "reshape": "A.reshape(-1)[A.reshape(-1) < 1] = 0",
    "for": "for A[0] in [7, 8]:\n        pass",
    "comprehension": "_ = [0 for A[0] in [7, 8]]",
    "rows": "for row in A:\n        row[row < 1] = 0",
    "held": "both = [A, Z]\n    both[0][0] = 7",
    "nested": "def put(i):\n        A[i] = 7\n    put(0)",
    "given": "def put(x):\n        x[0] = 7\n    put(A)",
    "default": "def put(x=A):\n        x[0] = 7\n    put()",
    "lambda": "_ = (lambda: A.fill(7))()",
    "method": "_ = A.fill(7)",
    "bound": "fill = A.fill\n    fill(7)",
    "sort": "_ = A.sort(axis=0)",
    "at": "_ = np.add.at(A, 0, 7)",
    "place": "_ = np.place(A, A < 1, 0)",
    "put": "done = np.put(A, [0], [7])",
    "out": "_ = np.maximum(Z, 1, A)",
    "two": "A[0], done = 7, True",
    "starred": "A[0], *rest = 7, 8, 9",
    "listed": "[A[0]] = [7]",
    "chained": "B = A\n    C = B.T\n    C.flat[0] = 7",
    "exec": "exec('A[0] = 7')",
}


@pytest.mark.parametrize("change", UNRECORDED.values(), ids=UNRECORDED)
@pytest.mark.parametrize("end", ["", " + 0"])
def test_nothing_is_told_after_a_change_that_is_not_recorded(change, end):
    """Is an innocent line left alone where an array is changed in a way that no record shows?"""
    assert _told(SECOND, "relu_forward", RELU.format(change, end)) == ()


@pytest.mark.parametrize(
    "change",
    [
        f"{INNER}, done = X + 1, True",
        f"inner = {INNER} = X + 1",
        f"{TURNED} = X.transpose(3, 0, 1, 2) + 1",
        f"_ = np.copyto({INNER}, X + 1)",
    ],
)
def test_nothing_is_told_where_the_border_is_filled_unseen(change):
    """Are the zeros and the `return` left alone where a statement between them is wrong?"""
    assert _told(FIRST, "zero_pad", PADDED.format(change)) == ()


def test_nothing_is_told_where_a_gradient_is_changed_unseen():
    """Is the line that worked out the gradient left alone, and the `return`, too?"""
    source = inspect.getsource(load(SECOND).reference.dense_backward)
    end = source[source.rindex("    return") :]
    assert (
        _told(SECOND, "dense_backward", _changed(source, (end, f"    dA_prev.flat[0] = 7\n{end}")))
        == ()
    )


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("print(A.shape, Z)", set()),
        ("B = np.where(A > 0, Z, A)", set()),
        ("B = A.reshape(2, n).sum(axis=0)", set()),
        ("B = relu(A)", set()),
        ("A[0] = 7", set()),
        ("cache = (A, Z)", {"cache"}),
        ("B = mine(A, n)", {"A", "B", "n", "mine"}),
        ("B = np.exp(Z, A)", {"A"}),
        ("np.add.at(A, n, Z)", {"A"}),
        ("B = np.maximum.accumulate(Z)", set()),
        ("B = Z(A)", set()),
        ("B = np.nan_to_num(A, copy=False)", {"A", "B"}),
    ],
)
def test_a_name_is_odd_only_where_something_may_change_it(name, odd):
    """Is a name odd only where something may change it unseen?"""
    code = Code(
        plain_text(f"def f(Z, n):\n    A = Z.copy()\n    A[1] = 2\n    {name}\n    return A\n")
    )
    assert odd_names(code, ["relu"]) == odd


def _is_python(source):
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("assignment", [FIRST, SECOND])
def test_every_line_that_is_told_holds_a_mistake(assignment):
    """Is each line that is told of one or two known mistakes one that holds one of them?"""
    catalogue, chosen = load(assignment), []
    for functions in styles(assignment).values():
        for name, source in functions.items():
            entries = [e for e in catalogue.of(name) if e.is_wrong_here]
            for one, other in zip(entries, [*entries[1:], None], strict=True):
                wrong = patched_source(source, one.patches)
                both = wrong and other and patched_source(wrong, other.patches)
                chosen += [(name, source, w) for w in (wrong, both) if w and _is_python(w)]
    told = 0
    for name, source, wrong in random.Random(SEED).sample(chosen, SAMPLES):
        lines = _told(assignment, name, wrong)
        holds = {line.number for line in changed_lines(plain_text(wrong), plain_text(source))}
        assert not lines or holds & {*lines}, (wrong, _texts(wrong, lines))
        told += bool(lines)
    assert told > SAMPLES / 4


@pytest.mark.parametrize(
    "index", [(np.full(9_000, 7.0),), (np.full((9, 9), 7.0), 2.0), (0.0,) * 9, (np.inf,), ()]
)
def test_an_index_of_a_stranger_costs_no_memory(index):
    """Is a place that nobody would write to refused before memory is set aside for it?"""
    node = ast.parse("x[0] = 1").body[0]
    record = ((8.0, 10_000.0), (index,), 1.0)
    assert Places.of(record, node, Room(math.inf)) is None or not index


def _forged(turns, copies):
    """Return the dialogue of a child that says it wrote to many places of a large array."""
    dialogue = Tracing(plain_text(CONV), _inputs(FIRST, "conv_forward"), 1.0)
    dialogue.traced = max(
        dialogue.inputs.arguments, key=lambda case: dialogue.inputs.expected[case]["Z"].size
    )
    sites = {(s.kind, s.name): n for n, s in enumerate(instrumented(dialogue.code).sites)}
    heads, numbers = [], []
    points = np.ndindex(dialogue.inputs.expected[dialogue.traced]["Z"].shape)
    for point in itertools.islice(points, turns):
        for name, turn in zip("ihwc", point, strict=True):
            heads += [sites["each", name], 0]
            numbers.append(turn)
        # The shape, the index that names one row many times, and the value.
        heads += [sites["write", "Z"], -2, 3, -2, 2, 0, 0, -2, 1, 1, copies, 0]
        numbers += [3, 6_000, *[2] * copies, 0]
    dialogue.trace = np.array(heads), np.array(numbers, float)
    return dialogue


@pytest.mark.parametrize("copies", [2, 20])
def test_a_forged_trace_is_given_up(copies, monkeypatch):
    """Is no more done for one trace than for an honest one, however many places it names?"""
    spent = []
    take = Room.take

    def counted(room, places=0):
        spent.append(places)
        take(room, places)

    tracer = Tracer(load(FIRST))
    # The reference's own places are not counted.
    tracer.lines(_forged(180, 1))
    monkeypatch.setattr(Room, "take", counted)
    assert tracer.lines(_forged(180, copies)) == ()
    assert sum(spent[:-1]) <= values.MOST_PLACES
    # One index that asks for too much is passed over; many are given up together.
    assert (sum(spent) > values.MOST_PLACES) is (copies == 2)


def test_a_trace_that_takes_long_is_given_up(monkeypatch):
    """Is no line told, and nothing else done, once the time for following a trace is over?"""
    dialogue, tracer = _forged(3, 2), Tracer(load(FIRST))
    monkeypatch.setattr(values, "MOST_SECONDS", -1.0)
    asked = []
    monkeypatch.setattr(values.Places, "of", lambda *_: asked.append(1))
    assert tracer.lines(dialogue) == () and not asked
    with pytest.raises(TooMuch):
        Room(9, -1.0).take()


@pytest.mark.parametrize("text", ["7", "'a\\nb'", "b'a'"])
def test_a_text_of_several_lines_is_left_alone(text):
    """Does a function get no trace only where a text in it would change?"""
    made = instrumented(Code(f"def f(x):\n    y = {text}\n    return x\n"))
    assert (made is None) is ("\\n" in text)


def test_a_function_that_cannot_be_traced_costs_the_others_nothing():
    """Does the dialogue of one odd function end quietly, so that the others keep theirs?"""
    # Python writes no integer of so many digits.
    text = f"def pool_forward(x):\n    y = 0x1{'0' * 4000}\n    return x\n"
    dialogue = Tracing(text, _inputs(FIRST, "pool_forward"), 1.0)
    assert list(dialogue._traced("")) == [] and dialogue.trace is None
    assert Tracer(load(FIRST)).lines(dialogue) == ()


def _verdict(lines=()):
    return ExerciseVerdict("pool_forward", 0.0, 1.0, ExerciseStatus.WRONG, lines=lines)


def test_the_sentence_quotes_the_student_and_no_value():
    """Does the student read, in both languages, which line it is, and nothing of what is right?"""
    line = Line(2, 7, END[1])
    told = with_first_wrong(_verdict(), [line])
    assert told.lines == (line,)
    for language in ("en", "zh"):
        assert f"`{END[1]}`" in told.where[language]
        assert set(re.findall(r"\d+", told.where[language])) == {"1", "3", "7"}
    assert with_first_wrong(_verdict((line,)), [Line(2, 9, "x")]).lines == (line,)


@pytest.mark.slow
def test_a_function_without_a_repair_gets_the_line_of_its_trace(tmp_path):
    """Does a student whose function no edit repairs read at which line it goes wrong first?"""
    functions = styles(FIRST)["loops"]
    source = _changed(functions["pool_forward"], END, MEAN)
    path = tmp_path / "student.py"
    texts = {**functions, "pool_forward": source}.values()
    path.write_text("import numpy as np\n\n\n" + "\n\n".join(texts), "utf-8")
    with Sandbox() as sandbox:
        verdict = Grader(sandbox, SEED).grade_file(path, FIRST)
        bare = [replace(e, diagnosis=(), lines=()) for e in verdict.exercises]
        verdict = replace(verdict, exercises=tuple(bare))
        repairer = Repairer(sandbox, load(FIRST), ASSIGNMENTS[FIRST], SEED)
        repairer.edits = False
        explainer = Explainer(sandbox)
        explainer._repairers[FIRST, verdict.seed] = repairer
        explained = explainer.explained(verdict)
    told = next(e for e in explained.exercises if e.name == "pool_forward")
    assert [line.text for line in told.lines] == [END[1]] and not told.repair
    assert "first wrong value" in told.where["en"]
