#!/usr/bin/env bash
# DJL: hasGradient() is false for every result of a recorded computation, so it cannot tell whether a
# gradient would pass through an array.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: "whether the gradient calculation is required" is true for what is computed from an array that
#   requires one, as PyTorch's own requires_grad is.
# Seen: true for the array on which it was set and false for x + x and its sum, though the backward pass from
#   them reaches x.
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
import ai.djl.training.GradientCollector;

class Try {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {5});
      x.setRequiresGradient(true);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray result = x.add(x);
        NDArray loss = result.sum();
        System.out.println(
            "leaf " + x.hasGradient() + ", result " + result.hasGradient() + ", loss " + loss.hasGradient());
        check(x.hasGradient(), "the leaf changed");
        check(!result.hasGradient() && !loss.hasGradient(), "results tell of their gradient now");
        collector.backward(loss);
      }
      check(x.getGradient().toFloatArray()[0] == 2, "the gradient changed");
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
