#!/usr/bin/env bash
# ONNX Runtime Java: every normal exit leaves an empty folder, and a writable temporary folder is
# needed even where the native libraries are given by path.
#
# Version: onnxruntime (Java) 1.28.0, Linux x86-64.
# Expected: what was unpacked is deleted when the JVM ends, with its folder; with `onnxruntime.native.path`
#   nothing is unpacked and no temporary folder is needed.
# Seen: the files go and their folder `onnxruntime-java...` stays, one more for every start; with the path
#   set and no temporary folder to write to, the engine cannot be loaded ("Failed to load onnx-runtime
#   library").
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
jar=$(tr ':' '\n' < classpath | grep '/onnxruntime-1')
mkdir natives plain given
(cd natives && unzip -qoj "$jar" 'ai/onnxruntime/native/linux-x64/*')
cat > Try.java <<'JAVA'
import ai.onnxruntime.OrtEnvironment;

class Try {
  public static void main(String[] args) {
    System.out.println("loaded " + OrtEnvironment.getEnvironment().getVersion());
  }
}
JAVA
java -Djava.io.tmpdir="$work/plain" -cp "$(cat classpath)" Try.java
left=$(find plain -name 'onnxruntime-java*' -empty | wc -l)
echo "empty folders left: $left"
test "$left" = 1
given=(java -Donnxruntime.native.path="$work/natives" -cp "$(cat classpath)")
"${given[@]}" -Djava.io.tmpdir="$work/given" Try.java
if "${given[@]}" -Djava.io.tmpdir="$work/absent" Try.java > absent.txt 2>&1; then
  echo "needs no temporary folder now"
  exit 1
fi
grep -m 1 -o 'Failed to load onnx-runtime library' absent.txt
