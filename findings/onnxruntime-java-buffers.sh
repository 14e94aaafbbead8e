#!/usr/bin/env bash
# ONNX Runtime Java: what a tensor holds depends on its buffer's byte order, and heap buffers are not
# direct ones.
#
# Version: onnxruntime (Java) 1.28.0.
# Expected: a FloatBuffer of 1 and 2 makes a tensor of 1 and 2, whatever its byte order, or an exception; a heap
#   ByteBuffer with the type FLOAT does as well as a direct one; an output buffer that is accepted is
#   written to.
# Seen: a direct buffer in Java's default byte order (big endian) is taken as it is and its values are
#   garbage without a word; a heap ByteBuffer of another type than bytes ends in a ClassCastException; a
#   heap FloatBuffer given as output is accepted and stays zero.
# Exits with 0 while that is so, and fails when the behavior has changed. Needs a JDK 17 and Maven.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.microsoft.onnxruntime</groupId>
      <artifactId>onnxruntime</artifactId>
      <version>1.28.0</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install onnx==1.23.2
venv/bin/python - <<'PY'
from onnx import TensorProto, helper, save
value = helper.make_tensor_value_info
graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g",
                          [value("x", TensorProto.FLOAT, [2])], [value("y", TensorProto.FLOAT, [2])])
save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), "identity.onnx")
PY
cat > Try.java <<'JAVA'
import ai.onnxruntime.*;
import java.nio.*;
import java.util.*;

class Try {
  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    long[] shape = {2};
    try (OrtSession session = env.createSession("identity.onnx", new OrtSession.SessionOptions())) {
      FloatBuffer big = ByteBuffer.allocateDirect(8).asFloatBuffer().put(0, 1).put(1, 2);
      try (OnnxTensor x = OnnxTensor.createTensor(env, big, shape);
          OrtSession.Result result = session.run(Map.of("x", x))) {
        float[] y = (float[]) result.get(0).getValue();
        System.out.println("direct, default byte order: " + Arrays.toString(y));
        check(y[0] != 1 && y[1] != 2, "the byte order is heeded now");
      }
      ByteOrder order = ByteOrder.nativeOrder();
      ByteBuffer heap = ByteBuffer.allocate(8).order(order).putFloat(0, 1).putFloat(4, 2);
      try (OnnxTensor x = OnnxTensor.createTensor(env, heap, shape, OnnxJavaType.FLOAT)) {
        check(false, "a heap ByteBuffer is taken now");
      } catch (ClassCastException e) {
        System.out.println("heap ByteBuffer as FLOAT: " + e.getClass().getSimpleName());
      }
      FloatBuffer in = ByteBuffer.allocateDirect(8).order(order).asFloatBuffer().put(0, 1).put(1, 2);
      FloatBuffer out = FloatBuffer.allocate(2);
      try (OnnxTensor x = OnnxTensor.createTensor(env, in, shape);
          OnnxTensor y = OnnxTensor.createTensor(env, out, shape);
          OrtSession.Result result = session.run(Map.of("x", x), Map.of("y", y))) {
        String tensor = Arrays.toString((float[]) y.getValue());
        System.out.println("heap output buffer: " + out.get(0) + ", its tensor: " + tensor);
        check(out.get(0) == 0, "a heap buffer receives the output now");
      }
    }
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
java -cp "$(cat classpath)" Try.java
