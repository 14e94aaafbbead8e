#!/usr/bin/env bash
# DJL: an array made from a direct ByteBuffer begins at byte 0, not at the buffer's position.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: as everywhere in java.nio, reading begins at the position.
# Seen: `create` reads from the first byte of the buffer and takes as many elements as the shape says, so a
#   buffer positioned behind a header gives the header. A slice is read rightly.
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
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.*;
import java.nio.*;
import java.util.Arrays;

class Try {
  public static void main(String[] args) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    for (int i = 0; i < 4; i++) {
      buffer.putFloat(4 * i, i + 1);
    }
    buffer.position(8);
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] whole = manager.create(buffer, new Shape(2), DataType.FLOAT32).toFloatArray();
      ByteBuffer slice = buffer.slice().order(ByteOrder.nativeOrder());
      float[] sliced = manager.create(slice, new Shape(2), DataType.FLOAT32).toFloatArray();
      System.out.println("at position 8: " + Arrays.toString(whole) + ", slice: " + Arrays.toString(sliced));
      check(Arrays.equals(sliced, new float[] {3, 4}), "slices are read otherwise now");
      check(Arrays.equals(whole, new float[] {1, 2}), "the position is heeded now");
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
