#!/usr/bin/env bash
# DJL: bicubic resizing of 8-bit images wraps what overshoots.
#
# Version: ai.djl 0.36.0, PyTorch engine 2.7.1.
# Expected: bicubic interpolation overshoots at edges; results are clipped to 0..255 and rounded, as Pillow,
#   OpenCV and torchvision do for 8-bit images.
# Seen: values are cut to 8 bits: beside a black and white edge -6 becomes 251 (white dots in black) and 261
#   becomes 4 (black dots in white). Resizing floats, clipping and rounding is right.
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
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.*;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.*;
import java.util.Arrays;

class Try {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray image = manager.zeros(new Shape(8, 8, 3), DataType.UINT8);
      image.set(new NDIndex("4:, :, :"), 255);
      int[] bytes = column(resize(image));
      int[] floats = column(resize(image.toType(DataType.FLOAT32, false)));
      System.out.println("8 bit : " + Arrays.toString(bytes));
      System.out.println("floats: " + Arrays.toString(floats));
      check(Arrays.stream(floats).min().getAsInt() < 0, "no overshoot now");
      check(Arrays.stream(bytes, 0, 7).max().getAsInt() > 200, "dark overshoot is clipped now");
      check(Arrays.stream(bytes, 9, 16).min().getAsInt() < 50, "bright overshoot is clipped now");
    }
  }

  static NDArray resize(NDArray image) {
    return NDImageUtils.resize(image, 16, 16, Image.Interpolation.BICUBIC);
  }

  static int[] column(NDArray image) {
    return image.get(":, 0, 0").toType(DataType.INT32, false).toIntArray();
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
DJL_OFFLINE=true DJL_CACHE_DIR="$work/cache" java -cp "$(cat classpath)" Try.java
