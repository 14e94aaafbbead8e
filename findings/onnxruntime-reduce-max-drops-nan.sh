#!/usr/bin/env bash
# ONNX Runtime: ReduceMax and ReduceMin drop a NaN unless it comes first.
#
# Version: onnxruntime 1.32.0 (CPU).
# Expected: the maximum of a row of 16 values that holds a NaN is NaN wherever it stands, as in numpy and
#   PyTorch, or it is ignored wherever it stands.
# Seen: of rows of 16 values, only a NaN in the first position stays; in any other the result is the largest of
#   the ordinary numbers. A scale that is computed as a maximum of magnitudes hides a broken activation.
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
from onnx import TensorProto, helper

LENGTH = 16
kept = {}
for operator in ("ReduceMax", "ReduceMin"):
    graph = helper.make_graph(
        [helper.make_node(operator, ["x", "axes"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, LENGTH])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1])],
        [helper.make_tensor("axes", TensorProto.INT64, [1], [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    kept[operator] = []
    for position in range(LENGTH):
        row = np.arange(LENGTH, dtype=np.float32)[None]
        row[0, position] = np.nan
        if np.isnan(session.run(None, {"x": row})[0]).all():
            kept[operator].append(position)
    print(operator, "is NaN for a NaN at", kept[operator])
assert all(positions == [0] for positions in kept.values()), "another rule holds now"
PY
venv/bin/python try.py
