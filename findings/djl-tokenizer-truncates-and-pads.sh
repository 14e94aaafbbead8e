#!/usr/bin/env bash
# DJL's Hugging Face tokenizers cut texts at 512 tokens and fill batches with token 0, though
# tokenizer.json says neither.
#
# Version: ai.djl.huggingface tokenizers 0.38.0.
# Expected: `"truncation": null, "padding": null` in tokenizer.json means neither, as in the Python and Rust
#   libraries around the same code.
# Seen: a text of 1,000 words has 512 ids without a warning, and the shorter text of a batch is filled with
#   id 0, an ordinary word of this vocabulary ("!" in Qwen's). Options truncation=false and
#   padding=false are needed.
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
      <groupId>ai.djl.huggingface</groupId>
      <artifactId>tokenizers</artifactId>
      <version>0.38.0</version>
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
cat > tokenizer.json <<'JSON'
{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
 "model": {"type": "WordLevel", "vocab": {"wow": 0, "a": 1, "b": 2}, "unk_token": "wow"}}
JSON
cat > Try.java <<'JAVA'
import ai.djl.huggingface.tokenizers.*;
import java.nio.file.Path;
import java.util.*;

class Try {
  public static void main(String[] args) throws Exception {
    Path file = Path.of("tokenizer.json").toAbsolutePath();
    Map<String, String> neither = Map.of("truncation", "false", "padding", "false");
    try (HuggingFaceTokenizer plain = HuggingFaceTokenizer.newInstance(file);
        HuggingFaceTokenizer told = HuggingFaceTokenizer.newInstance(file, neither)) {
      String text = "a ".repeat(1000);
      List<String> batch = List.of("a", "a b a");
      int cut = plain.encode(text).getIds().length;
      long[] filled = plain.batchEncode(batch)[0].getIds();
      System.out.println("1000 words: " + cut + " ids; one word in a batch: " + Arrays.toString(filled));
      check(told.encode(text).getIds().length == 1000, "truncation=false changed");
      check(told.batchEncode(batch)[0].getIds().length == 1, "padding=false changed");
      check(cut == 512, "not cut now");
      check(Arrays.equals(filled, new long[] {1, 0, 0}), "not filled now");
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
