#!/usr/bin/env bash
# ONNX Runtime: GroupQueryAttention prefills a batch and decodes a batch, but does not continue one.
#
# Version: onnxruntime 1.32.0 (CPU, x86-64).
# Expected: whatever works for one sequence works for two: new rows without a prefix, one new row behind a prefix,
#   and several new rows behind a prefix (a second question in a chat, a prompt in pieces).
# Seen: the third is refused for two sequences, while for one sequence it is computed, and equals the rows computed
#   one by one. A head size that is no multiple of 8 is refused for any batch.
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

HEADS = 2
value = helper.make_tensor_value_info
names = ["q", "k", "v", "past_key", "past_value", "last", "total"]


def session(size):
    f, i = TensorProto.FLOAT, TensorProto.INT32
    inputs = [value(n, f, ["b", "s", HEADS * size]) for n in names[:3]]
    inputs += [value(n, f, ["b", HEADS, "p", size]) for n in names[3:5]]
    inputs += [value("last", i, ["b"]), value("total", i, [])]
    outputs = [value("y", f, None), value("present_key", f, None), value("present_value", f, None)]
    node = helper.make_node("GroupQueryAttention", names, [o.name for o in outputs], domain="com.microsoft",
                            num_heads=HEADS, kv_num_heads=HEADS)
    model = helper.make_model(helper.make_graph([node], "g", inputs, outputs), ir_version=10,
                              opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)])
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def attend(size, rows, past):
    batch, new = rows[0].shape[:2]
    total = past[0].shape[2] + new
    return session(size).run(None, dict(zip(names, [*rows, *past, np.full(batch, total - 1, np.int32),
                                                    np.array(total, np.int32)])))


def case(batch, prefix, new, size=8):
    random = np.random.default_rng(1)
    rows = [random.standard_normal((batch, new, HEADS * size)).astype(np.float32) for _ in range(3)]
    past = [random.standard_normal((batch, HEADS, prefix, size)).astype(np.float32) for _ in range(2)]
    return rows, past


def refused(batch, prefix, new, size=8):
    try:
        attend(size, *case(batch, prefix, new, size))
        return ""
    except Exception as e:
        return str(e)


for batch, prefix, new, size in [(2, 0, 5, 8), (2, 9, 1, 8), (1, 9, 5, 8), (2, 9, 5, 8), (1, 0, 5, 4)]:
    print(f"batch {batch}, prefix {prefix}, new rows {new}, head size {size}:", refused(batch, prefix, new, size)[-110:] or "computed")
assert not refused(2, 0, 5) and not refused(2, 9, 1) and not refused(1, 9, 5)
assert "batch_size must be 1" in refused(2, 9, 5), "several sequences are continued now"
assert "multiple of 8" in refused(1, 0, 5, 4), "any head size is taken now"

rows, past = case(1, 9, 5)
together = attend(8, rows, past)[0]
for i in range(5):
    y, *past = attend(8, [r[:, i:i + 1] for r in rows], past)
    assert np.allclose(y[0, 0], together[0, i], atol=1e-5)
PY
venv/bin/python try.py
