#!/usr/bin/env bash
# DJL: Adam and AdamW add epsilon before the bias correction, so first steps with small gradients are
# far too small.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: the step of PyTorch: rate * m / (sqrt(v) + epsilon) with corrected moments m and v; for a first
#   gradient as large as epsilon that is half of the rate (0.05 of 0.1).
# Seen: 0.003: epsilon is added to the uncorrected square root and so weighs about 30 times as much in the
#   first step. With gradients of usual size the difference is not seen.
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
cat > Try.java <<'JAVA'
import ai.djl.ndarray.*;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

class Try {
  public static void main(String[] args) {
    Tracker rate = Tracker.fixed(0.1f);
    Optimizer[] optimizers = {
      Optimizer.adam().optLearningRateTracker(rate).optEpsilon(1e-8f).build(),
      Optimizer.adamW().optLearningRateTracker(rate).optEpsilon(1e-8f).optWeightDecays(0f).build()
    };
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Optimizer optimizer : optimizers) {
        float small = step(manager, optimizer, "a", 1e-8f);
        float usual = step(manager, optimizer, "b", 1e-2f);
        String name = optimizer.getClass().getSimpleName();
        System.out.println(name + ": first step " + small + " at gradient 1e-8, " + usual + " at 0.01");
        check(Math.abs(usual - 0.1f) < 1e-4, "steps changed");
        check(small < 0.01f, "epsilon is added after the correction now (expected 0.05)");
      }
    }
  }

  static float step(NDManager manager, Optimizer optimizer, String name, float gradient) {
    NDArray weight = manager.create(new float[] {0});
    optimizer.update(name, weight, manager.create(new float[] {gradient}));
    return -weight.toFloatArray()[0];
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
DJL_OFFLINE=true DJL_CACHE_DIR="$work/cache" java -cp "$(cat classpath)" Try.java
