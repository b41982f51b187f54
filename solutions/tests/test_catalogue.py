"""Is the catalogue of misconceptions whole, composable, and different in every entry?"""

import importlib.util
import itertools
import linecache
import re

import pytest

from checks.assignments import ASSIGNMENTS
from checks.diagnosis import signature
from checks.judge import outputs_of
from checks.model import Failure, Text
from checks.plain import to_plain
from checks.run import run
from solutions import catalogue as machinery
from solutions.catalogue import (
    Misconception,
    load,
    patched_source,
    variants,
    wrong_function,
    wrong_source,
)

ASSIGNMENT = ASSIGNMENTS["cnn_step_by_step"]
CATALOGUE = load(ASSIGNMENT.name)
ENTRIES = CATALOGUE.misconceptions
EXERCISES = pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda e: e.name)
EACH = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
HIDDEN_SEEDS = (3, 2**70 + 5)

ONLY_ON_NEW_NUMPY = {entry.id for entry in ENTRIES if entry.since_numpy}
OLD_NUMPY = not all(entry.is_wrong_here for entry in ENTRIES)

# The causes that real students' solutions showed most often; the id is a promise to others.
COMMON = """
zero_pad: pads_channels value_is_pad channels_first
conv_single_step: bias_inside_sum bias_missing float_of_array not_scalar
conv_forward: stride_ignored bias_inside_sum height_width_swapped_loops height_width_swapped_slice
    loop_bound_n_minus_f loop_steps_by_stride window_is_stride horizontal_copied_from_vertical
    hard_coded_example unpadded_input output_size window_array_in_cell channels_first
pool_forward: stride_ignored loop_steps_by_stride height_width_swapped_loops
    height_width_swapped_slice example_index_missing all_channels whole_image mode_name
    channels_first
conv_backward: pad_zero_crop stride_ignored random_initial_gradient db_shape last_example_only
    crop_missing loop_bound_n_minus_f height_width_swapped_loops
create_mask_from_window: returns_maximum assignment_for_comparison
distribute_value: divides_by_sum
pool_backward: stride_ignored dA_at_window_corner dA_sliced_by_window mask_times_input
    mean_added_twice sum_of_dA window_size_hard_coded height_width_swapped_loops channels_first
"""


def common_ids():
    exercise = ""
    for word in COMMON.split():
        if word.endswith(":"):
            exercise = word[:-1]
        else:
            yield f"{exercise}/{word}"


def right_outputs(name, arguments):
    exercise = ASSIGNMENT.exercise(name)
    return {
        case: outputs_of(exercise, to_plain(CATALOGUE.functions[name](*inputs)))[0]
        for case, inputs in arguments.items()
    }


def arguments_of(exercise, seed):
    """Return case -> arguments; the seed None stands for the public ones."""
    if seed is not None:
        return {c.name: c.hidden_arguments(exercise.name, seed) for c in exercise.hidden_cases()}
    stored = {
        case.given[0]: right_outputs(
            case.given[0],
            {
                case.given[1]: ASSIGNMENT.exercise(case.given[0])
                .case(case.given[1])
                .public_arguments()
            },
        )
        for case in exercise.cases
        if case.given
    }
    return {case.name: case.public_arguments(stored) for case in exercise.cases}


def signature_of(exercise, function, seed):
    return signature(exercise, run(exercise, function, arguments_of(exercise, seed)).observations)


def same(left, right):
    return left.keys() == right.keys() and all(left[slot].agrees(right[slot]) for slot in left)


@pytest.fixture(scope="module")
def public_signatures():
    """Key -> signature on the public inputs, for every entry that goes wrong on this NumPy."""
    return {
        entry.key: signature_of(
            ASSIGNMENT.exercise(entry.exercise), wrong_function(CATALOGUE.reference, [entry]), None
        )
        for entry in ENTRIES
        if entry.is_wrong_here
    }


def test_the_common_causes_are_there():
    """Does the catalogue hold every id that real solutions were found to need, and many more?"""
    ids = {entry.id for entry in ENTRIES}
    assert set(common_ids()) <= ids
    assert len(ids) >= 75


def test_functions_are_those_of_the_table():
    """Is there a reference function for every exercise, and none besides?"""
    assert list(CATALOGUE.functions) == [exercise.name for exercise in ASSIGNMENT.exercises]


def test_keys_are_unique():
    """Does a key name one entry?"""
    keys = [entry.key for entry in ENTRIES]
    assert len(keys) == len(set(keys))


def test_variants_of_a_cause_say_the_same():
    """Do all entries of one id have one message, one hint and the same equivalents?"""
    said = {}
    for entry in ENTRIES:
        text = (entry.message, entry.hint, entry.equivalent, entry.failure)
        assert said.setdefault(entry.id, text) == text, entry.key


def test_equivalents_exist_and_agree_on_it():
    """Is equivalence declared by both sides, and within one exercise?"""
    equivalents = {entry.id: entry.equivalent for entry in ENTRIES}
    for name, others in equivalents.items():
        for other in others:
            assert name in equivalents[other]
            assert name.split("/")[0] == other.split("/")[0]


@EACH
def test_names_and_texts(entry):
    """Is the name snake_case, and is every text short, whole and in both languages?"""
    assert ASSIGNMENT.exercise(entry.exercise)
    assert re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]*", entry.cause)
    for text in (entry.message, entry.hint):
        assert len(text.en) <= 160
        assert len(text.zh) <= 80
        assert text.en[-1] in ".?"
        assert text.zh[-1] in "。？"
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert not re.search(r"[\u4e00-\u9fff]", text.en)
        assert "  " not in text.en


@EACH
def test_texts_do_not_give_the_line_away(entry):
    """Is the right line never printed in a message or hint?"""
    for old, _ in entry.patches:
        for line in filter(lambda line: len(line) > 12, map(str.strip, old.splitlines())):
            for text in (*entry.message, *entry.hint):
                assert line not in text


@EACH
def test_patches_apply(entry):
    """Does each old fragment occur exactly once when its turn comes?"""
    assert entry.patches
    assert wrong_source(CATALOGUE.reference, [entry]) is not None


@EXERCISES
def test_every_entry_changes_the_public_outputs(exercise, public_signatures):
    """Can each mistake be seen on the inputs that students have?"""
    right = signature_of(exercise, CATALOGUE.functions[exercise.name], None)
    for entry in CATALOGUE.of(exercise.name):
        if entry.key in public_signatures:
            assert not same(public_signatures[entry.key], right), entry.key


@pytest.mark.parametrize("seed", HIDDEN_SEEDS)
@EXERCISES
def test_every_entry_changes_the_hidden_outputs(exercise, seed):
    """Can each mistake be seen on inputs drawn for grading?"""
    right = signature_of(exercise, CATALOGUE.functions[exercise.name], seed)
    for entry in CATALOGUE.of(exercise.name):
        if entry.is_wrong_here:
            wrong = signature_of(exercise, wrong_function(CATALOGUE.reference, [entry]), seed)
            assert not same(wrong, right), entry.key


@EXERCISES
def test_every_entry_is_different(exercise, public_signatures):
    """Does no entry look like another on the public inputs, unless that is declared?"""
    entries = [entry for entry in CATALOGUE.of(exercise.name) if entry.key in public_signatures]
    for one, other in itertools.combinations(entries, 2):
        # Two ways to the same exception, told by the exception, may look alike.
        told_by_failure = one.id == other.id and one.failure
        if same(public_signatures[one.key], public_signatures[other.key]):
            assert other.id in one.equivalent or told_by_failure, (one.key, other.key)


@pytest.mark.skipif(OLD_NUMPY, reason="these are exceptions only since NumPy 2.4")
@pytest.mark.parametrize("cause", sorted(ONLY_ON_NEW_NUMPY | {
    "conv_single_step/matrix_product",
    "pool_forward/padding_in_pooling",
    "conv_backward/pad_zero_crop",
    "conv_backward/dZ_at_window_corner",
    "pool_backward/dA_at_window_corner",
}))  # fmt: skip
def test_patterns_match_what_really_happens(cause):
    """Does the first entry of the cause raise the exception that its pattern describes?"""
    entry = next(entry for entry in ENTRIES if entry.id == cause)
    source = wrong_source(CATALOGUE.reference, [entry])
    file = f"<{entry.key}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exercise = ASSIGNMENT.exercise(entry.exercise)
    function = wrong_function(CATALOGUE.reference, [entry])
    seen = run(exercise, function, arguments_of(exercise, None)).observations.values()
    failures = [observation.failure for observation in seen if observation.failure]
    assert failures
    for failure in failures:
        # In this test a frame of the reference may be the last one; students have none.
        assert entry.failure.matches(failure) or "conv_single_step" in failure.source


TO_0D = "only 0-dimensional arrays can be converted to Python scalars"
TO_LENGTH_1 = "only length-1 arrays can be converted to Python scalars"
SEQUENCE = "setting an array element with a sequence."
CROPPED = "could not broadcast input array from shape (0,0,3) into shape (4,4,3)"
NOT_CROPPED = "could not broadcast input array from shape (8,8,3) into shape (4,4,3)"
OUTSIDE = "index 2 is out of bounds for axis 1 with size 2"


@pytest.mark.parametrize(
    ("cause", "type_", "message", "line"),
    [
        ("conv_single_step/float_of_array", "TypeError", TO_0D, "Z = Z + float(b)"),
        ("conv_single_step/float_of_array", "TypeError", TO_LENGTH_1, "return float(s + b)"),
        ("conv_forward/window_array_in_cell", "ValueError", SEQUENCE, "Z[i,h,w,c] = np.sum(s)+b"),
        ("conv_forward/window_array_in_cell", "TypeError", TO_0D, "Z[i, h, w, c] += z"),
        ("pool_forward/padding_in_pooling", "KeyError", "'pad'", 'pad = hparameters["pad"]'),
        (
            "conv_backward/pad_zero_crop",
            "ValueError",
            CROPPED,
            "dA_prev[i, :, :, :] = da_prev_pad[pad:-pad, pad:-pad, :]",
        ),
        (
            "conv_backward/pad_zero_crop",
            "ValueError",
            CROPPED,
            "dA_prev[i] = dA_prev_pad[i, pad : -pad, pad : -pad, :]",
        ),
        ("conv_backward/crop_missing", "ValueError", NOT_CROPPED, "dA_prev[i] = da_prev_pad"),
        ("conv_backward/dZ_at_window_corner", "IndexError", OUTSIDE,
         "dW[:,:,:,c] += a_slice * dZ[i, vert_start, horiz_start, c]"),
        ("pool_backward/dA_at_window_corner", "IndexError", OUTSIDE,
         "da = dA[i, vert_start, horiz_start, c]"),
        ("pool_backward/dA_indices_swapped", "IndexError", OUTSIDE, "da = dA[i, w, h, c]"),
    ],
)  # fmt: skip
def test_patterns_match_beginners_lines(cause, type_, message, line):
    """Is a failure named by exactly this cause, in the words of either NumPy?"""
    failure = Failure(type_, message, 1, line)
    exercise = cause.split("/")[0]
    named = {m.id for m in CATALOGUE.of(exercise) if m.failure and m.failure.matches(failure)}
    assert named == {cause}


@pytest.mark.parametrize(
    ("exercise", "type_", "message", "line"),
    [
        ("conv_single_step", "TypeError", TO_0D, "Z = helper(b)"),
        ("conv_forward", "ValueError", SEQUENCE, "rows = np.array([[1, 2], [3]])"),
        ("conv_backward", "ValueError", NOT_CROPPED, "dA_prev[i] = da_prev_pad[1:-1, 1:-1, :]"),
        ("conv_backward", "ValueError", CROPPED, "dA_prev[i] = da_prev_pad[n:n, n:n, :]"),
        ("pool_backward", "IndexError", OUTSIDE, "da = dA[i, h, w, c]"),
        ("pool_backward", "IndexError", OUTSIDE,
         "a = a_prev[vert_start, horiz_start, c] * dA[i, h, w, c]"),
        ("pool_forward", "KeyError", "'f'", 'f = hparameters["f"]'),
    ],
)  # fmt: skip
def test_patterns_leave_other_failures_alone(exercise, type_, message, line):
    """Is nothing named where the exception may have another cause?"""
    failure = Failure(type_, message, 1, line)
    assert not [m for m in CATALOGUE.of(exercise) if m.failure and m.failure.matches(failure)]


class TestMachinery:
    """The functions of solutions.catalogue, on an assignment of two lines."""

    TEXT = Text("It is wrong.", "这是错的。")

    @pytest.fixture
    def reference(self, tmp_path):
        """A reference module that the catalogue has never seen."""
        path = tmp_path / "toy_reference.py"
        path.write_text(
            "def double(x):\n    return x + x\n\n\n"
            "def area(a, b):\n    side = double(a)\n    result = side * b\n    return result\n"
        )
        spec = importlib.util.spec_from_file_location("toy_reference", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def entry(self, cause, *patches, exercise="area"):
        return Misconception(exercise, cause, patches, self.TEXT, self.TEXT)

    def test_a_patch_changes_one_function_only(self, reference):
        """Does the patched function call the right helpers, and stay apart from the module?"""
        wrong = wrong_function(reference, [self.entry("adds", ("side * b", "side + b"))])
        assert wrong(2, 5) == 9
        assert reference.area(2, 5) == 20

    def test_two_mistakes_compose_in_either_order(self, reference):
        """Are both applied, whichever is named first?"""
        adds = self.entry("adds", ("side * b", "side + b"))
        single = self.entry("single", ("double(a)", "a"))
        assert wrong_function(reference, [adds, single])(2, 5) == 7
        assert wrong_function(reference, [single, adds])(2, 5) == 7

    def test_an_order_is_searched_for(self, reference):
        """Is a patch that removes the other's fragment applied last?"""
        renames = self.entry("renames", ("side * b", "SIDE"), ("SIDE", "side * b * 3"))
        drops = self.entry("drops", ("side * b * 3", "1"))
        assert wrong_function(reference, [drops, renames])(2, 5) == 1

    def test_mistakes_that_exclude_each_other(self, reference):
        """Is there None where the second patch's fragment is gone?"""
        adds = self.entry("adds", ("side * b", "side + b"))
        takes = self.entry("takes", ("side * b", "side - b"))
        assert wrong_function(reference, [adds, takes]) is None

    def test_a_fragment_must_be_unique(self):
        """Is a fragment refused that occurs twice or not at all?"""
        assert patched_source("a + a", (("a", "b"),)) is None
        assert patched_source("a + a", (("c", "b"),)) is None
        assert patched_source("a + b", (("a", "c"), ("c + b", "d"))) == "d"

    def test_mistakes_in_two_exercises_do_not_mix(self, reference):
        """Is it refused to put mistakes of two exercises into one function?"""
        adds = self.entry("adds", ("side * b", "side + b"))
        other = self.entry("other", ("x + x", "x"), exercise="double")
        with pytest.raises(ValueError, match="one exercise"):
            wrong_function(reference, [adds, other])

    def test_variants_share_an_id(self):
        """Do the variants of a cause have one id and keys of their own?"""
        patches = {"": (("a", "b"),), "other": (("a", "c"),)}
        one, other = variants("area", "cause", patches, self.TEXT, self.TEXT)
        assert one.id == other.id == "area/cause"
        assert (one.key, other.key) == ("area/cause", "area/cause@other")

    def test_functions_are_found_by_module(self, reference):
        """Are the functions of a reference module found without naming them anywhere?"""
        assert list(machinery.Catalogue(reference, ()).functions) == ["double", "area"]

    def test_an_unknown_assignment(self):
        """Is it an error to load what is not there?"""
        with pytest.raises(ModuleNotFoundError):
            load("no_such_assignment")
