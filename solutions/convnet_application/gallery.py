"""A class of generated submissions for ``convnet_application`` and the verdicts they must get."""

from functools import partial

from checks.assignments.convnet_application import ASSIGNMENT
from solutions.gallery import Expected
from solutions.gallery import Student as AnyStudent

EXERCISES = tuple(exercise.name for exercise in ASSIGNMENT.exercises)
FAST = EXERCISES[EXERCISES.index("im2col") :]

WRONG = "wrong"
HELPED = Expected(with_right_helpers=True)

Student = partial(AnyStudent, style="vectorised")


def _wrong(*names: str, score: float | None = None) -> dict[str, Expected]:
    return {names[0].split("/")[0]: Expected(WRONG, names, score)}


def _stubs(*exercises: str) -> dict[str, Expected]:
    return {
        name: Expected("not_implemented", (f"{name}/not_implemented",), 0.0) for name in exercises
    }


STUDENTS = (
    Student("arif-vectorised", "right, vectorised"),
    Student("bowen-plain", "right, with loops, in Chinese", style="plain", language="zh"),
    Student("cleo-strided", "right, by strided views and einsum", style="strided"),
    Student("dai-sloppy", "right, written in haste", style="sloppy", language="zh"),
    Student(
        "elif-axis",
        "sums the softmax over the examples",
        wrong=("softmax_cross_entropy/softmax_over_examples",),
        expected=_wrong("softmax_cross_entropy/softmax_over_examples", score=0),
    ),
    Student(
        "feng-overflow",
        "takes no maximum away, so large logits overflow",
        language="zh",
        wrong=("softmax_cross_entropy/max_not_subtracted",),
        expected=_wrong("softmax_cross_entropy/max_not_subtracted", score=6),
    ),
    Student(
        "greta-mask",
        "takes the mask of the ReLU from dA; the network's way back is right given a right one",
        wrong=("relu_backward/mask_of_gradient",),
        expected=_wrong("relu_backward/mask_of_gradient", score=0) | {"network_backward": HELPED},
    ),
    Student(
        "haru-mean",
        "divides dW and db by the batch size once more; the way back is right given a right one",
        language="zh",
        wrong=("dense_backward/averaged_over_batch",),
        expected=_wrong("dense_backward/averaged_over_batch", score=4)
        | {"network_backward": HELPED},
    ),
    Student(
        "imani-columns",
        "takes the examples for columns, as other courses do; NumPy refuses the product",
        wrong=("dense_forward/factors_exchanged",),
        expected=_wrong("dense_forward/factors_exchanged", score=0),
    ),
    Student(
        "jia-one-sided",
        "takes one-sided differences",
        language="zh",
        wrong=("gradient_check/one_sided_difference",),
        expected=_wrong("gradient_check/one_sided_difference", score=0),
    ),
    Student(
        "karl-average",
        "makes the velocity a moving average",
        wrong=("sgd_momentum_step/moving_average",),
        expected=_wrong("sgd_momentum_step/moving_average", score=1),
    ),
    Student(
        "lan-in-place",
        "right numbers, but writes into the arrays that were given",
        language="zh",
        wrong=("sgd_momentum_step/changes_inputs",),
        expected=_wrong("sgd_momentum_step/changes_inputs", score=3),
    ),
    Student(
        "mona-two-bugs",
        "two mistakes in one function",
        wrong=(
            "softmax_cross_entropy/log_of_zero",
            "softmax_cross_entropy/dZ_not_averaged",
        ),
        expected=_wrong(
            "softmax_cross_entropy/log_of_zero",
            "softmax_cross_entropy/dZ_not_averaged",
            score=3,
        ),
    ),
    Student(
        "mila-no-relu",
        "leaves the ReLUs out on the way back; only the last layer lies before them",
        wrong=("network_backward/relu_missing",),
        expected=_wrong("network_backward/relu_missing", score=0),
    ),
    Student(
        "ning-flat",
        "forgets to turn rows into volumes again",
        language="zh",
        wrong=("network_backward/not_reshaped",),
        expected={"network_backward": Expected("error", ("network_backward/not_reshaped",), 0.0)},
    ),
    Student(
        "nuo-order",
        "lays the windows out channel by channel; what calls im2col is right given a right one",
        language="zh",
        wrong=("im2col/channel_not_last",),
        expected={
            "im2col": Expected(WRONG, ("im2col/channel_not_last",)),
            "conv_forward_fast": HELPED,
            "conv_backward_fast": HELPED,
            "pool_forward_fast": HELPED,
            "pool_backward_fast": HELPED,
        },
    ),
    Student(
        "olaf-overlap",
        "overwrites where windows overlap; the backward functions are right given a right col2im",
        wrong=("col2im/overlap_overwritten",),
        expected={
            "col2im": Expected(WRONG, ("col2im/overlap_overwritten",)),
            "conv_backward_fast": HELPED,
            "pool_backward_fast": HELPED,
        },
    ),
    Student(
        "ping-unfinished",
        "the fast functions are still stubs",
        language="zh",
        unfinished=FAST,
        expected=_stubs(*FAST),
    ),
    Student(
        "rosa-stubs",
        "handed in as released",
        style=None,
        expected=_stubs(*EXERCISES),
    ),
    Student(
        "sun-endless",
        "an endless loop in one function",
        language="zh",
        functions={
            "pool_forward_fast": (
                'def pool_forward_fast(A_prev, hparameters, mode="max"):\n'
                "    h = 0\n"
                "    while h < 3:\n"
                "        pass\n"
            )
        },
        expected={
            "pool_forward_fast": Expected("timeout", ("pool_forward_fast/endless_loop",), 0.0)
        },
        look=True,
    ),
    Student(
        "tove-crash",
        "one function ends the process",
        functions={"flatten": "import os\n\ndef flatten(A):\n    os._exit(0)\n"},
        expected={"flatten": Expected("error", (), 0.0)},
    ),
    Student(
        "wei-broken-file",
        "the file was cut off in the middle",
        language="zh",
        content=lambda text: text.encode()[: len(text) // 2],
        expected={name: Expected("missing", (), 0.0) for name in EXERCISES},
        look=True,
    ),
)
