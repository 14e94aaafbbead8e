#!/usr/bin/env bash
# DJL: inference records a gradient graph on every thread but the one that loaded the engine.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: outside a GradientCollector nothing is recorded, as on the thread where the engine was loaded.
# Seen: the engine switches recording off for the loading thread alone; on any other thread (those of a
#   server) results of arrays that require gradients keep the graph and all intermediate arrays.
#   JniUtils.setGradMode(false) on each thread helps.
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
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

class Try {
  public static void main(String[] args) throws Exception {
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.ones(new Shape(2));
      boolean[] other = new boolean[1];
      Thread thread = new Thread(() -> other[0] = JniUtils.isGradMode());
      thread.start();
      thread.join();
      System.out.println("recording on the loading thread: " + JniUtils.isGradMode() + ", on another: " + other[0]);
      check(!JniUtils.isGradMode(), "recording on the loading thread now");
      check(other[0], "not recording on other threads now");
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
