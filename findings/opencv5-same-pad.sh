#!/usr/bin/env bash
# OpenCV 5 pads "same" as if the stride were one: a 3x3 window with stride 2 starts a pixel early.
#
# Expected: `auto_pad="SAME_UPPER"` of an ONNX node adds (rows - 1) * stride + window - size pixels, and
#   puts the odd one at the end, as the operator's specification and TensorFlow's "same" have it. An
#   even size with a 3x3 window and stride 2 gets one row at the bottom and none at the top.
# What happens: OpenCV 5 puts (window - 1) // 2 rows at the top, as is correct for a stride of one. Conv,
#   MaxPool and AveragePool return the expected shape and the values of windows that start one pixel
#   earlier. For 7 pixels the two happen to agree. `SAME_LOWER` gets the same rows, which is wrong for a
#   2x2 window. All engines (classic, new, auto) do it; `pads` written out are honoured.
# Versions: opencv-python-headless 5.0.0.93, onnx 1.23.2, onnxruntime 1.32.0, NumPy 2.4.6. In OpenCV
#   4.14.0 SAME_UPPER is correct and SAME_LOWER is not, so an upgrade changes results.
# Why it matters: a 3x3 layer with stride 2 on 224 pixels is how MobileNet and its kin begin. A model with
#   `auto_pad` still classifies, from features that are shifted by a pixel, and nothing complains. Who
#   checks a "same" layer of coursework against OpenCV marks the correct one wrong and accepts a pad of
#   (window - 1) // 2, the usual mistake.
# What to do: write `pads` into the model and drop `auto_pad` (shown below), or run it elsewhere.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet opencv-python-headless==5.0.0.93 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
venv/bin/pip list 2>/dev/null | grep -E '^(opencv|onnx|onnxruntime|numpy)'

cat > same.py <<'PY'
import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

ENGINES = cv2.dnn.ENGINE_CLASSIC, cv2.dnn.ENGINE_NEW, cv2.dnn.ENGINE_AUTO


def model(operator, size, window, stride, **pad):
    rows = -(-size // stride)
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 1, size, size))
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, (1, 1, rows, rows))
    weights = np.random.default_rng(1).normal(size=(1, 1, window, window)).astype(np.float32)
    stored = [numpy_helper.from_array(weights, "w")] if operator == "Conv" else []
    names = ["x", *(tensor.name for tensor in stored)]
    node = helper.make_node(operator, names, ["y"], kernel_shape=[window] * 2, strides=[stride] * 2, **pad)
    graph = helper.make_graph([node], "same", [picture], [result], stored)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made, full_check=True)
    return made.SerializeToString()


def opencv(made, picture, engine):
    net = cv2.dnn.readNetFromONNX(np.frombuffer(made, np.uint8), engine)
    net.setInput(picture)
    return net.forward()


def runtime(made, picture):
    return onnxruntime.InferenceSession(made).run(None, {"x": picture})[0]


def sides(mode, size, window, stride):
    """The rows that the specification adds at the top and at the bottom."""
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    fewer, more = total // 2, total - total // 2
    return (fewer, more) if mode == "SAME_UPPER" else (more, fewer)


def compare(operator, mode, size, window, stride):
    """Whether OpenCV's values are others than the specified ones; they are those of an early start."""
    picture = np.random.default_rng(0).normal(size=(1, 1, size, size)).astype(np.float32)
    top, bottom = sides(mode, size, window, stride)
    early = (window - 1) // 2
    same = model(operator, size, window, stride, auto_pad=mode)
    written = model(operator, size, window, stride, pads=[top, top, bottom, bottom])
    shifted = model(operator, size, window, stride, pads=[early] * 2 + [top + bottom - early] * 2)
    truth = runtime(same, picture)
    assert np.allclose(truth, runtime(written, picture), atol=1e-5)
    results = [opencv(same, picture, engine) for engine in ENGINES]
    for engine, result in zip(ENGINES, results):
        assert result.shape == truth.shape
        assert np.allclose(result, results[0], atol=1e-5)
        assert np.allclose(result, runtime(shifted, picture), atol=1e-4)
        assert np.allclose(opencv(written, picture, engine), truth, atol=1e-4)
    apart = np.mean(~np.isclose(results[0], truth, atol=1e-4))
    print(f"{operator:11} {mode} {size:3} pixels, window {window}, stride {stride}: specified {top, bottom},"
          f" OpenCV {early, top + bottom - early}, {apart:4.0%} of the values differ")
    return apart > 0.5


for operator in ("Conv", "MaxPool", "AveragePool"):
    assert compare(operator, "SAME_UPPER", 8, 3, 2)
    assert compare(operator, "SAME_UPPER", 224, 3, 2)
    assert not compare(operator, "SAME_UPPER", 7, 3, 2)
    assert not compare(operator, "SAME_UPPER", 8, 3, 1)
    assert not compare(operator, "SAME_LOWER", 8, 3, 2)
    assert compare(operator, "SAME_LOWER", 8, 2, 1)
PY
venv/bin/python same.py
echo "Reproduced: the expected shape, and windows that start one pixel too early."
