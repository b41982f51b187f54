"""Is the catalogue of misconceptions whole, composable, and different in every entry?"""

import importlib.util
import itertools
import linecache
import re

import pytest

from checks.assignments import ASSIGNMENTS
from checks.fingerprint import signature
from checks.judge import outputs_of
from checks.model import Failure
from checks.plain import to_plain
from checks.run import run
from checks.text import Text
from solutions import catalogue as machinery
from solutions.catalogue import (
    Misconception,
    load,
    patched_source,
    variants,
    wrong_function,
    wrong_source,
)

CATALOGUES = {name: load(name) for name in ASSIGNMENTS}
ENTRIES = [(name, entry) for name, own in CATALOGUES.items() for entry in own.misconceptions]
EVERY_ASSIGNMENT = pytest.mark.parametrize("assignment", ASSIGNMENTS)
EXERCISES = pytest.mark.parametrize(
    ("assignment", "exercise"),
    [(name, exercise) for name, own in ASSIGNMENTS.items() for exercise in own.exercises],
    ids=lambda value: getattr(value, "name", value),
)
HIDDEN_SEEDS = (3, 2**70 + 5)

ONLY_BEGINNERS = {("cnn_step_by_step", "conv_backward/crop_missing")}
"""The patched reference does not raise, but other ways to write the same mistake do."""

OLD_NUMPY = not all(entry.is_wrong_here for _, entry in ENTRIES)

# The causes that real students' solutions showed most often; the id is a promise to others.
COMMON = {}
COMMON["cnn_step_by_step"] = """
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
COMMON["convnet_application"] = """
relu_forward: leaky maximum_over_axis changes_input
relu_backward: mask_of_gradient mask_missing gradient_unused times_input
flatten: examples_joined examples_in_columns examples_mixed numbers_in_another_order
dense_forward: weights_transposed factors_exchanged bias_missing elementwise_product
dense_backward: averaged_over_batch db_shape db_over_outputs dW_transposed
    dA_prev_weights_as_they_are
softmax_cross_entropy: softmax_over_examples max_not_subtracted max_of_all_rows log_of_zero
    epsilon_in_logarithm loss_summed loss_averaged_twice dZ_not_averaged dZ_averaged_twice
    one_hot_not_subtracted labels_for_all_rows dZ_sign
gradient_check: one_sided_difference divided_by_h h_hard_coded dZ_ignored x_not_restored
    all_entries_at_once error_not_relative
sgd_momentum_step: uphill velocity_sign_reversed learning_rate_in_velocity moving_average
    old_velocity_used momentum_unused
im2col: channel_not_last column_before_row
col2im: overlap_overwritten
"""


def common_ids(assignment):
    exercise = ""
    for word in COMMON[assignment].split():
        if word.endswith(":"):
            exercise = word[:-1]
        else:
            yield f"{exercise}/{word}"


def right_outputs(assignment, name, arguments):
    exercise = ASSIGNMENTS[assignment].exercise(name)
    return {
        case: outputs_of(exercise, to_plain(CATALOGUES[assignment].functions[name](*inputs)))[0]
        for case, inputs in arguments.items()
    }


def arguments_of(assignment, exercise, seed):
    """Return case -> arguments; the seed None stands for the public ones."""
    if seed is not None:
        return {c.name: c.hidden_arguments(exercise.name, seed) for c in exercise.hidden_cases()}
    stored = {
        case.given[0]: right_outputs(
            assignment,
            case.given[0],
            {
                case.given[1]: ASSIGNMENTS[assignment]
                .exercise(case.given[0])
                .case(case.given[1])
                .public_arguments()
            },
        )
        for case in exercise.cases
        if case.given
    }
    return {case.name: case.public_arguments(stored) for case in exercise.cases}


def signature_of(assignment, exercise, function, seed):
    arguments = arguments_of(assignment, exercise, seed)
    return signature(exercise, run(exercise, function, arguments).observations)


def signature_of_wrong(assignment, entry, seed):
    exercise = ASSIGNMENTS[assignment].exercise(entry.exercise)
    function = wrong_function(CATALOGUES[assignment].reference, [entry])
    return signature_of(assignment, exercise, function, seed)


def same(left, right):
    return left.keys() == right.keys() and all(left[slot].agrees(right[slot]) for slot in left)


@pytest.fixture(scope="module")
def public_signatures():
    """(assignment, key) -> signature on the public inputs, where the entry goes wrong here."""
    return {
        (assignment, entry.key): signature_of_wrong(assignment, entry, None)
        for assignment, entry in ENTRIES
        if entry.is_wrong_here
    }


@pytest.mark.parametrize("assignment", COMMON)
def test_the_common_causes_are_there(assignment):
    """Does the catalogue hold every id that students were found to need, and many more?"""
    ids = {entry.id for entry in CATALOGUES[assignment].misconceptions}
    assert set(common_ids(assignment)) <= ids
    assert len(ids) >= 75


@EVERY_ASSIGNMENT
def test_functions_are_those_of_the_table(assignment):
    """Is there a reference function for every exercise, and none besides?"""
    names = [exercise.name for exercise in ASSIGNMENTS[assignment].exercises]
    assert list(CATALOGUES[assignment].functions) == names


@EVERY_ASSIGNMENT
def test_keys_are_unique(assignment):
    """Does a key name one entry?"""
    keys = [entry.key for entry in CATALOGUES[assignment].misconceptions]
    assert len(keys) == len(set(keys))


@EVERY_ASSIGNMENT
def test_variants_of_a_cause_say_the_same(assignment):
    """Do all entries of one id have one message, hint and pattern, and the same equivalents?"""
    said = {}
    for entry in CATALOGUES[assignment].misconceptions:
        text = (entry.message, entry.hint, entry.equivalent, entry.code)
        assert said.setdefault(entry.id, text) == text, entry.key


@EVERY_ASSIGNMENT
def test_equivalents_exist_and_agree_on_it(assignment):
    """Is equivalence declared by both sides, and within one exercise?"""
    equivalents = {entry.id: entry.equivalent for entry in CATALOGUES[assignment].misconceptions}
    for name, others in equivalents.items():
        for other in others:
            assert name in equivalents[other]
            assert name.split("/")[0] == other.split("/")[0]


@EXERCISES
def test_names_and_texts(assignment, exercise):
    """Is every name snake_case, and every text short, whole and in both languages?"""
    for entry in CATALOGUES[assignment].of(exercise.name):
        assert re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]*", entry.cause)
        for text in (entry.message, entry.hint):
            assert len(text["en"]) <= 160, entry.key
            assert len(text["zh"]) <= 80, entry.key
            assert text["en"][-1] in ".?", entry.key
            assert text["zh"][-1] in "。？", entry.key
            assert re.search(r"[\u4e00-\u9fff]", text["zh"]), entry.key
            assert not re.search(r"[\u4e00-\u9fff]", text["en"]), entry.key
            assert "  " not in text["en"], entry.key


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_entry_is_about_an_exercise(assignment):
    """Is there no entry about a function that the assignment does not have?"""
    names = {exercise.name for exercise in ASSIGNMENTS[assignment].exercises}
    assert {entry.exercise for entry in CATALOGUES[assignment].misconceptions} == names


@EXERCISES
def test_texts_do_not_give_the_line_away(assignment, exercise):
    """Is the right line never printed in a message or hint?"""
    for entry in CATALOGUES[assignment].of(exercise.name):
        for old, _ in entry.patches:
            for line in filter(lambda line: len(line) > 12, map(str.strip, old.splitlines())):
                for text in (*entry.message, *entry.hint):
                    assert line not in text, entry.key


@EXERCISES
def test_patches_apply(assignment, exercise):
    """Does each old fragment occur exactly once when its turn comes?"""
    reference = CATALOGUES[assignment].reference
    for entry in CATALOGUES[assignment].of(exercise.name):
        assert entry.patches, entry.key
        assert wrong_source(reference, [entry]) is not None, entry.key


@pytest.mark.slow
@EXERCISES
def test_every_entry_changes_the_public_outputs(assignment, exercise, public_signatures):
    """Can each mistake be seen on the inputs that students have?"""
    catalogue = CATALOGUES[assignment]
    right = signature_of(assignment, exercise, catalogue.functions[exercise.name], None)
    for entry in filter(lambda entry: entry.is_wrong_here, catalogue.of(exercise.name)):
        assert not same(public_signatures[assignment, entry.key], right), entry.key


@pytest.mark.slow
@pytest.mark.parametrize("seed", HIDDEN_SEEDS)
@EXERCISES
def test_every_entry_changes_the_hidden_outputs(assignment, exercise, seed):
    """Can each mistake be seen on inputs drawn for grading?"""
    catalogue = CATALOGUES[assignment]
    right = signature_of(assignment, exercise, catalogue.functions[exercise.name], seed)
    for entry in filter(lambda entry: entry.is_wrong_here, catalogue.of(exercise.name)):
        assert not same(signature_of_wrong(assignment, entry, seed), right), entry.key


@EXERCISES
def test_every_entry_is_different(assignment, exercise, public_signatures):
    """Does no entry look like another on the public inputs, unless that is declared?"""
    entries = [e for e in CATALOGUES[assignment].of(exercise.name) if e.is_wrong_here]
    for one, other in itertools.combinations(entries, 2):
        # Two ways to the same exception may look alike where the exception names them.
        told_by_failure = one.id == other.id and one.failure
        signatures = (public_signatures[assignment, entry.key] for entry in (one, other))
        if same(*signatures):
            assert other.id in one.equivalent or told_by_failure, (one.key, other.key)


def failures_of(assignment, entry):
    """Return what the wrong function itself raises on the public inputs."""
    reference = CATALOGUES[assignment].reference
    source = wrong_source(reference, [entry])
    file = f"<{entry.key}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exercise = ASSIGNMENTS[assignment].exercise(entry.exercise)
    arguments = arguments_of(assignment, exercise, None)
    seen = run(exercise, wrong_function(reference, [entry]), arguments).observations.values()
    failures = (observation.failure for observation in seen if observation.failure)
    # A frame of a correct helper may be the last one here; students have none.
    return [failure for failure in failures if failure.function == exercise.name]


@pytest.mark.skipif(OLD_NUMPY, reason="some are exceptions only since NumPy 2.4")
@pytest.mark.parametrize(
    ("assignment", "cause"),
    sorted({(name, entry.id) for name, entry in ENTRIES if entry.failure} - ONLY_BEGINNERS),
)
def test_patterns_match_what_really_happens(assignment, cause):
    """Does some entry of the cause raise, and its pattern describe whatever exception there is?"""
    entries = [m for m in CATALOGUES[assignment].misconceptions if m.id == cause]
    raised = [(e, failure) for e in entries for failure in failures_of(assignment, e)]
    assert raised
    for entry, failure in raised:
        assert entry.failure.matches(failure), (entry.key, failure)


def named_by(failure, exercise):
    return {
        entry.id
        for _, entry in ENTRIES
        if entry.exercise == exercise and entry.failure and entry.failure.matches(failure)
    }


TO_0D = "only 0-dimensional arrays can be converted to Python scalars"
TO_LENGTH_1 = "only length-1 arrays can be converted to Python scalars"
SEQUENCE = "setting an array element with a sequence."
CROPPED = "could not broadcast input array from shape (0,0,3) into shape (4,4,3)"
NOT_CROPPED = "could not broadcast input array from shape (8,8,3) into shape (4,4,3)"
OUTSIDE = "index 2 is out of bounds for axis 1 with size 2"
AMBIGUOUS = "The truth value of an array with more than one element is ambiguous. Use a.any()"
NOT_ALIGNED = "shapes (5,4) and (3,4) not aligned: 4 (dim 1) != 3 (dim 0)"
NOT_MATMUL = "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
NOT_BROADCAST = "operands could not be broadcast together with shapes (5,4) (5,) "
NO_RESHAPE = "cannot reshape array of size 120 into shape (3,64)"
NOT_UNPACKED = "not enough values to unpack (expected 2, got 1)"


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
        ("relu_forward/truth_of_an_array", "ValueError", AMBIGUOUS, "if Z[i, j] > 0:"),
        ("relu_backward/truth_of_an_array", "ValueError", AMBIGUOUS, "dZ = dA if Z > 0 else 0"),
        ("relu_backward/matrix_product", "ValueError", NOT_ALIGNED, "return np.dot(dA, Z > 0)"),
        ("flatten/size_hard_coded", "ValueError", NO_RESHAPE, "return A.reshape(A.shape[0], 64)"),
        ("dense_forward/weights_transposed", "ValueError", NOT_ALIGNED,
         "Z = np.dot(A_prev, W.T) + b"),
        ("dense_forward/factors_exchanged", "ValueError", NOT_ALIGNED, "Z = np.dot(W, A_prev) + b"),
        ("dense_forward/factors_exchanged", "ValueError", NOT_MATMUL, "Z = W.T @ A_prev"),
        ("dense_forward/elementwise_product", "ValueError", NOT_BROADCAST, "Z = W * A_prev + b"),
        ("dense_backward/dA_prev_weights_as_they_are", "ValueError", NOT_MATMUL, "dA = dZ @ W"),
        ("dense_backward/dA_prev_factors_exchanged", "ValueError", NOT_ALIGNED,
         "dA_prev = np.dot(W.T, dZ)"),
        ("dense_backward/dW_input_as_it_is", "ValueError", NOT_ALIGNED,
         "dW = 1 / m * np.dot(A_prev, dZ)"),
        ("dense_backward/dW_factors_exchanged", "ValueError", NOT_ALIGNED,
         "dW = np.dot(dZ, A_prev.T) / m"),
        ("dense_backward/db_over_outputs", "ValueError", NO_RESHAPE,
         "db = np.sum(dZ, axis=1).reshape(1, n)"),
        ("softmax_cross_entropy/axis_not_kept", "ValueError", NOT_BROADCAST,
         "Z = Z - Z.max(axis=1)"),
        ("softmax_cross_entropy/axis_not_kept", "ValueError", NOT_BROADCAST,
         "P = np.exp(Z) / np.sum(np.exp(Z), axis=-1)"),
        ("softmax_cross_entropy/axis_not_kept", "ValueError", NOT_BROADCAST,
         "log_P = Z - np.log(np.sum(np.exp(Z), axis=1))"),
        ("softmax_cross_entropy/axis_not_kept", "ValueError", NOT_BROADCAST, "P = e_Z / e_sum"),
        ("softmax_cross_entropy/labels_taken_for_rows", "IndexError", OUTSIDE,
         "loss = -np.log(P[labels, np.arange(m)]).mean()"),
        ("gradient_check/two_axes_only", "ValueError", NOT_UNPACKED, "m, n = x.shape"),
        ("gradient_check/output_at_same_index", "IndexError", OUTSIDE,
         "numeric[i] = dZ[i] * (plus[i] - minus[i]) / (2 * h)"),
        ("gradient_check/sum_missing", "ValueError", SEQUENCE,
         "num_grad[index] = dZ * (f(x_plus) - f(x_minus)) / (2 * h)"),
    ],
)  # fmt: skip
def test_patterns_match_beginners_lines(cause, type_, message, line):
    """Is a failure named by exactly this cause, in the words of either NumPy?"""
    failure = Failure(type_, message, 1, line)
    assert named_by(failure, cause.split("/")[0]) == {cause}


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
        ("relu_forward", "ValueError", AMBIGUOUS, "assert Z == A"),
        ("flatten", "ValueError", NO_RESHAPE, "return A.reshape(m, n_H * n_W)"),
        ("dense_forward", "ValueError", NOT_MATMUL, "Z = A_prev @ W + b"),
        ("dense_forward", "ValueError", NOT_BROADCAST, "Z = A_prev @ W + b"),
        ("dense_backward", "ValueError", NOT_MATMUL, "dA_prev = dZ @ W.T"),
        ("dense_backward", "ValueError", NOT_ALIGNED, "dA_prev = np.dot(dZ, np.transpose(W))"),
        ("dense_backward", "ValueError", NOT_MATMUL, "dW = A_prev.T @ dZ"),
        ("dense_backward", "ValueError", NO_RESHAPE, "db = dZ.sum(axis=0).reshape(n, n)"),
        ("softmax_cross_entropy", "ValueError", NOT_BROADCAST, "dZ = (P - labels) / m"),
        ("softmax_cross_entropy", "ValueError", NOT_BROADCAST, "loss = -np.sum(Y * np.log(P)) / m"),
        ("softmax_cross_entropy", "IndexError", OUTSIDE, "Y = np.eye(m)[labels]"),
        ("gradient_check", "ValueError", SEQUENCE, "x_plus[i] = x + h"),
        ("gradient_check", "IndexError", OUTSIDE, "numeric[i, j] = np.sum(dZ * change) / (2 * h)"),
    ],
)  # fmt: skip
def test_patterns_leave_other_failures_alone(exercise, type_, message, line):
    """Is nothing named where the exception may have another cause?"""
    assert not named_by(Failure(type_, message, 1, line), exercise)


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
        """Does the patched function call the correct helpers, and stay apart from the module?"""
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
