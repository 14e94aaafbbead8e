#!/usr/bin/env bash
# JavaCPP: a pointer made from a typed direct buffer takes the position, an element count, for bytes.
#
# Version: org.bytedeco javacpp 1.5.13.
# Expected: `new FloatPointer(buffer)` with the buffer at position 4 reads element 4.
# Seen: it reads the float at byte 4, which is element 1: every element read through the pointer is the
#   wrong one. A slice of the buffer is read rightly.
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
      <groupId>org.bytedeco</groupId>
      <artifactId>javacpp</artifactId>
      <version>1.5.13</version>
    </dependency>
    <dependency>
      <groupId>org.bytedeco</groupId>
      <artifactId>javacpp</artifactId>
      <version>1.5.13</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath
cat > Try.java <<'JAVA'
import java.nio.*;
import org.bytedeco.javacpp.*;

class Try {
  public static void main(String[] args) {
    Loader.load(Pointer.class);
    FloatBuffer buffer = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder()).asFloatBuffer();
    for (int i = 0; i < 8; i++) {
      buffer.put(i, i);
    }
    buffer.position(4);
    float whole = new FloatPointer(buffer).get();
    float sliced = new FloatPointer(buffer.slice()).get();
    System.out.println("element at position 4: " + whole + ", of its slice: " + sliced);
    check(sliced == 4, "slices are read otherwise now");
    check(whole == 1, "the position is taken for elements now");
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
java -cp "$(cat classpath)" Try.java
