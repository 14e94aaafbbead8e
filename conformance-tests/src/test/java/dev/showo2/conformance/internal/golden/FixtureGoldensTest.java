package dev.showo2.conformance.internal.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Fixtures;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.golden.pass.SpanSegment;
import dev.showo2.stage.Attention;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixtureGoldensTest {

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b", "demo"})
  void everyGoldenIsThereAsAnnounced(String name) {
    try (Fixtures fixtures = Fixtures.open()) {
      GoldenSet goldens = GoldenSet.open(fixtures.path(name).resolve("goldens"));
      assertEquals(name, goldens.checkpoint());
      assertTrue(goldens.cases().size() > 25);
      goldens.cases().forEach(GoldenCase::requireIntact);
      for (GoldenCase each : goldens.cases()) {
        RecordedCase golden = RecordedCase.of(each);
        if (golden.settings().has("image")) {
          assertTrue(Files.isRegularFile(golden.file("image")));
        }
        if (golden.settings().has("png")) {
          assertTrue(Files.isRegularFile(golden.file("png")));
        }
      }
    }
  }

  @Test
  void spansOfTheGoldensBecomeSegments() {
    try (Fixtures fixtures = Fixtures.open()) {
      RecordedCase golden =
          RecordedCase.of(
              GoldenSet.open(fixtures.path("tiny-a")).cases().stream()
                  .filter(c -> c.name().equals("backbone_two_spans"))
                  .findFirst()
                  .orElseThrow());
      assertEquals(
          List.of(
              new SpanSegment(0, 5, Attention.CAUSAL),
              new SpanSegment(5, 17, Attention.FULL),
              new SpanSegment(22, 3, Attention.CAUSAL),
              new SpanSegment(25, 17, Attention.FULL),
              new SpanSegment(42, 10, Attention.CAUSAL)),
          SpanSegment.of(golden.spans(1).get(0), 52));
    }
  }
}
