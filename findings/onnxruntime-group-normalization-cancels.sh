#!/usr/bin/env bash
# ONNX Runtime: GroupNormalization loses its digits, and then all of them, when the mean is large.
#
# Version: onnxruntime 1.32.0 (CPU).
# Expected: as precise as LayerNormalization of the same rows: the variance is taken around the mean.
# Seen: the variance cancels: with unit variance the normalized values are off by 0.5 at a mean of 1,000 and
#   NaN or worse at 10,000, where LayerNormalization is off by less than 0.001.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat > try.py <<'PY'
import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper


def session(nodes, inputs, weights=(), level=ort.GraphOptimizationLevel.ORT_ENABLE_ALL):
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        list(weights),
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = ort.SessionOptions()
    options.graph_optimization_level = level
    return ort.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])


rng = np.random.default_rng(0)
ones = lambda n: numpy_helper.from_array(np.ones(n, np.float32), "g")
zeros = lambda n: numpy_helper.from_array(np.zeros(n, np.float32), "b")


def errors(mean):
    x = (rng.standard_normal((1, 32, 8, 8)) + mean).astype(np.float32)
    rows = x.astype(np.float64).reshape(4, -1)
    exact = (rows - rows.mean(1, keepdims=True)) / np.sqrt(rows.var(1, keepdims=True) + 1e-6)
    group = session([helper.make_node("GroupNormalization", ["x", "g", "b"], ["y"], num_groups=4, epsilon=1e-6)],
                    {"x": [1, 32, 8, 8]}, [ones(32), zeros(32)]).run(None, {"x": x})[0].reshape(4, -1)
    layer = session([helper.make_node("LayerNormalization", ["x", "g", "b"], ["y"], epsilon=1e-6)],
                    {"x": [4, 512]}, [ones(512), zeros(512)]).run(None, {"x": x.reshape(4, -1)})[0]
    return abs(group - exact).max(), abs(layer - exact).max()


for mean in (0, 100, 1000, 10000):
    group, layer = errors(mean)
    print(f"mean {mean}: group {group:.2g}, layer {layer:.2g}")
    assert layer < 1e-3
    if mean == 0:
        assert group < 1e-5
    if mean == 1000:
        assert group > 0.1, "precise now"
    if mean == 10000:
        assert not group < 1, "precise now"
PY
venv/bin/python try.py
