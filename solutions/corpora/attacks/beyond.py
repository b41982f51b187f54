"""What no grader that compares results can tell from a correct function, with the points it gets.

These are not in the gallery: each computes right results for the inputs that are asked for.
"""

from solutions.corpora.attacks import Attack

BEYOND = (
    Attack(
        "learnt_from_public_answers",
        "learn from the public answers which input each output is a copy of, shape by shape",
        before=(
            """
import h5py
from checks import store
def stored(case):
    with h5py.File(store.path_of("cnn_step_by_step")) as file:
        return file[f"zero_pad/expected/{case}/X_pad"][()]
cases = ("pad_2", "pad_3", "pad_1_not_square", "pad_0")
def source_of(shape, wanted):
    X = np.random.RandomState(1).randn(*shape)
    for answer in map(stored, cases):
        if answer.shape == wanted:
            place = {value: i for i, value in enumerate(X.flat)}
            return [place.get(value, -1) for value in answer.flat]
    return [-1] * int(np.prod(wanted))
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    wanted = (len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3])
    values = [*X.flat, 0.0]
    return np.array([values[i] for i in source_of(X.shape, wanted)]).reshape(wanted)
""",
        },
    ),
    Attack(
        "library_functions",
        "call NumPy where the exercise wants loops",
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
""",
        },
    ),
)
