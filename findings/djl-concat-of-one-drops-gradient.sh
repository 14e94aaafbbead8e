#!/usr/bin/env bash
# DJL: NDArrays.concat of a list with one array gives a copy through which no gradient passes, and so cuts
# a model's graph where a list happens to be short.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: as for two arrays, the gradient of the result arrives at what was joined; PyTorch's own cat of one
#   tensor passes it on.
# Seen: with two arrays the gradient of 2x + x is 3; with one it is 1, that of x alone; where nothing else is in
#   the loss the backward pass fails. NDArray.concat, for two arrays, is not concerned.
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
      float two = gradient(manager, true);
      float one = gradient(manager, false);
      System.out.println("gradient with two arrays " + two + ", with one " + one + " (expected 3 and 3)");
      check(two == 3, "joining two arrays changed");
      check(one == 1, "a single array passes its gradient on now");
    }
  }

  /** Of 2 x joined, plus x itself. */
  static float gradient(NDManager manager, boolean withOther) {
    NDArray x = manager.create(new float[] {5});
    x.setRequiresGradient(true);
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDList parts = new NDList(x.add(x));
      if (withOther) {
        parts.add(manager.ones(x.getShape()));
      }
      collector.backward(NDArrays.concat(parts, 0).sum().add(x.sum()));
    }
    return x.getGradient().toFloatArray()[0];
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
DJL_OFFLINE=true DJL_CACHE_DIR="$work/cache" java -cp "$(cat classpath)" Try.java
