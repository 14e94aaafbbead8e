#!/usr/bin/env bash
# ONNX Runtime: a NaN in the input of a quantized matrix product comes out as ordinary numbers.
#
# Version: onnxruntime 1.32.0 (CPU).
# Expected: a NaN in a row makes the products of that row NaN, or an error, so that a check of the output for
#   finite values finds it.
# Seen: with activations quantized to 8 bits (MatMulNBits with accuracy level 4, DynamicQuantizeLinear +
#   MatMulInteger) the output is finite; MatMulNBits with accuracy level 0 gives NaN. Overflow in an
#   earlier layer passes unseen.
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
x = rng.standard_normal((1, 64)).astype(np.float32)
x[0, 3] = np.nan
packed = numpy_helper.from_array(rng.integers(0, 256, (8, 2, 16), dtype=np.uint8), "w")
scales = numpy_helper.from_array(np.full(16, 0.01, np.float32), "s")


def blockwise(level):
    node = helper.make_node("MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft",
                            K=64, N=8, bits=4, block_size=32, accuracy_level=level)
    return session([node], {"x": [1, 64]}, [packed, scales]).run(None, {"x": x})[0]


nodes = [
    helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]),
    helper.make_node("MatMulInteger", ["q", "w8", "qz"], ["i"]),
    helper.make_node("Cast", ["i"], ["f"], to=TensorProto.FLOAT),
    helper.make_node("Mul", ["f", "qs"], ["y"]),
]
w8 = numpy_helper.from_array(rng.integers(-127, 128, (64, 8)).astype(np.int8), "w8")
dynamic = session(nodes, {"x": [1, 64]}, [w8]).run(None, {"x": x})[0]
print("4 bit, level 0:", blockwise(0)[0, :3])
print("4 bit, level 4:", blockwise(4)[0, :3])
print("dynamic 8 bit :", dynamic[0, :3])
assert np.isnan(blockwise(0)).all()
assert np.isfinite(blockwise(4)).all(), "level 4 shows the NaN now"
assert np.isfinite(dynamic).all(), "dynamic quantization shows the NaN now"
PY
venv/bin/python try.py
