#!/usr/bin/env bash
# ONNX Runtime: a session option changes the arithmetic of the thread that opens the session, for
# good.
#
# Version: onnxruntime 1.32.0 (CPU, x86-64).
# Expected: `session.set_denormal_as_zero` holds for the work of that session.
# Seen: once the session is open, the opening thread itself computes with denormals flushed to zero, in code
#   that has nothing to do with the engine, and goes on to do so after the session is gone.
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

value = helper.make_tensor_value_info
graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g",
                          [value("x", TensorProto.FLOAT, [1])], [value("y", TensorProto.FLOAT, [1])])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.add_session_config_entry("session.set_denormal_as_zero", "1")
# Asked at once: later even printing or comparing the small number would be flushed.
kept = lambda: bool(np.float64(1e-310) * np.float64(0.5) > 0)
before = kept()
opened = ort.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
during = kept()
del opened
after = kept()
print("1e-310 / 2 is more than 0 before, with an open session, after it:", before, during, after)
assert before
assert not during, "the caller's arithmetic is left alone now"
assert not after, "restored at close now"
PY
venv/bin/python try.py
