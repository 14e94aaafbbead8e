#!/usr/bin/env bash
# DJL: a TorchScript block that is called for inference passes no gradient on, within a
# GradientCollector too.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: the flag "training" of Block.forward chooses the behavior of layers such as dropout; whether
#   gradients are recorded is up to the GradientCollector, as it is for the operators of NDArray.
# Seen: with training = false the block runs in a mode of its own: its result has no gradient function, and
#   backward fails; with training = true the gradient is right.
# Exits with 0 while that is so, and fails when the behavior has changed. Needs a JDK 17, Maven and
# python3, on Linux x86_64.
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
      <groupId>ai.djl.pytorch</groupId>
      <artifactId>pytorch-engine</artifactId>
      <version>0.36.0</version>
    </dependency>
    <dependency>
      <groupId>ai.djl.pytorch</groupId>
      <artifactId>pytorch-jni</artifactId>
      <version>2.7.1-0.36.0</version>
    </dependency>
    <dependency>
      <groupId>ai.djl.pytorch</groupId>
      <artifactId>pytorch-native-cpu</artifactId>
      <version>2.7.1</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>2.0.17</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath
python3 - <<'PY'
import zipfile

SOURCE = """class Square(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Square, x: Tensor) -> Tensor:
    return torch.mul(x, x)
"""
with zipfile.ZipFile("square.pt", "w") as archive:
    name = b"training"
    state = b"X" + bytes([len(name), 0, 0, 0]) + name + b"\x89s"
    archive.writestr("square/data.pkl", b"\x80\x02c__torch__\nSquare\n)\x81}" + state + b"b.")
    archive.writestr("square/code/__torch__.py", SOURCE)
    archive.writestr("square/constants.pkl", b"\x80\x02).")
    archive.writestr("square/version", "3\n")
PY
cat > Try.java <<'JAVA'
import ai.djl.Model;
import ai.djl.ndarray.*;
import ai.djl.training.*;
import java.nio.file.Path;

class Try {
  static String gradient(Model model, boolean training) {
    NDManager manager = model.getNDManager();
    NDArray x = manager.create(new float[] {3, -2});
    x.setRequiresGradient(true);
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      ParameterStore none = new ParameterStore(manager, false);
      collector.backward(model.getBlock().forward(none, new NDList(x), training).get(0).sum());
      return java.util.Arrays.toString(x.getGradient().toFloatArray());
    } catch (ai.djl.engine.EngineException e) {
      return "refused";
    }
  }

  public static void main(String[] args) throws Exception {
    try (Model model = Model.newInstance("square", "PyTorch")) {
      model.load(Path.of("square.pt"));
      String inference = gradient(model, false);
      String training = gradient(model, true);
      System.out.println("gradient of x * x at [3, -2]: inference " + inference + ", training " + training);
      check(training.equals("[6.0, -4.0]"), "training gives another gradient");
      check(inference.equals("refused"), "inference passes gradients on now");
    }
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
DJL_OFFLINE=true DJL_CACHE_DIR="$work/cache" java -cp "$(cat classpath)" Try.java
