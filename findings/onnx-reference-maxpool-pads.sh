#!/usr/bin/env bash
# ONNX's reference implementation pads the wrong sides in MaxPool, but only for a stride of one.
#
# Expected: `pads` of a 2D node is [top, left, bottom, right], as the operator's specification says.
#   A 2x2 MaxPool with stride 1 and pads [0, 0, 1, 1] keeps 5x5 at 5x5, and `onnx.reference`, which
#   is there to show what operators mean, agrees with `onnx.shape_inference` and with a runtime.
# What happens: the evaluator has two implementations of MaxPool, and the one for strides of 1 reads
#   the list as [top, bottom, left, right]. The result is 4x6, and a mean that follows is another
#   number. Symmetric pads hide it, and with strides of 2 the other implementation is correct.
#   That one, in turn, differs for `auto_pad="SAME_LOWER"`: it pads on the SAME_UPPER side and rounds
#   the size down. 6x6 with a 3x3 window and stride 2 has the expected shape and other values.
#   AveragePool and Conv with the same attributes are correct in both places.
# Versions: onnx 1.23.2, onnxruntime 1.32.0, NumPy 2.4.6.
# Why it matters: whoever takes the evaluator for the oracle marks a correct pooling layer wrong.
#   Padding on one side only is what "same" means for an even window.
# What to do: take onnxruntime or a loop of one's own (both below) for expected values, or put an
#   explicit Pad node with -inf before a MaxPool without pads.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
venv/bin/pip list 2>/dev/null | grep -E '^(onnx|onnxruntime|numpy) '

cat > pool.py <<'PY'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

IMAGE = np.random.default_rng(0).normal(size=(1, 1, 6, 6)).astype(np.float32)


def model(operator, size, **attributes):
    values = [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 1, size, size))]
    results = [helper.make_tensor_value_info("y", TensorProto.FLOAT, (1, 1, None, None))]
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    graph = helper.make_graph([node], "pooling", values, results)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(made, full_check=True)
    return made


def pooled(image, window, stride, top, left, bottom, right):
    """The maximum of each window, with a border of -inf."""
    border = ((top, bottom), (left, right))
    padded = np.pad(image[0, 0], border, constant_values=-np.inf)
    rows, columns = ((side - window) // stride + 1 for side in padded.shape)
    places = np.ndindex(rows, columns)
    corners = [(row * stride, column * stride) for row, column in places]
    highest = [padded[r : r + window, c : c + window].max() for r, c in corners]
    return np.reshape(highest, (rows, columns))


def compare(title, size, window, stride, sides, operator="MaxPool", **attributes):
    made = model(operator, size, kernel_shape=[window] * 2, strides=[stride] * 2, **attributes)
    inferred = onnx.shape_inference.infer_shapes(made).graph.output[0].type.tensor_type.shape.dim
    image = IMAGE[:, :, :size, :size]
    runtime = onnxruntime.InferenceSession(made.SerializeToString()).run(None, {"x": image})[0][0, 0]
    reference = ReferenceEvaluator(made).run(None, {"x": image})[0][0, 0]
    print(f"{title}: inferred {tuple(dim.dim_value for dim in inferred)[2:]}")
    for name, result in (("onnxruntime", runtime), ("reference", reference)):
        print(f"  {name:12} {result.shape}, mean {result.mean():.4f}")
    if operator == "MaxPool":
        loop = pooled(image, window, stride, *sides)
        print(f"  {'a loop':12} {loop.shape}, mean {loop.mean():.4f}")
        assert np.array_equal(runtime, loop)
    same = runtime.shape == reference.shape and np.allclose(runtime, reference)
    return same, reference.shape


end = [0, 0, 1, 1]
same, shape = compare("stride 1, pads [0, 0, 1, 1]", 5, 2, 1, end, pads=end)
assert not same and shape == (4, 6)
same, shape = compare("stride 2, the same pads", 5, 2, 2, end, pads=end)
assert same
same, shape = compare("AveragePool, stride 1, the same pads", 5, 2, 1, end, "AveragePool", pads=end)
assert same
same, shape = compare("stride 2, SAME_LOWER", 6, 3, 2, [1, 1, 0, 0], auto_pad="SAME_LOWER")
assert not same and shape == (3, 3)
same, shape = compare("stride 2, SAME_UPPER", 6, 3, 2, [0, 0, 1, 1], auto_pad="SAME_UPPER")
assert same
PY
venv/bin/python pool.py
echo "Reproduced: the reference pads other sides than the specification, the runtime and a loop."
