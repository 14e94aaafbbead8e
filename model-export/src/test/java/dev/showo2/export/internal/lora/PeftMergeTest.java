package dev.showo2.export.internal.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what PEFT itself merged. */
class PeftMergeTest {

  private final List<String> phases = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "dora", "inner"})
  void givesTheValuesOfPeft(String adapter) throws URISyntaxException {
    try (CheckpointWeights merged = merge(adapter);
        CheckpointWeights expected =
            Checkpoints.open(resource(adapter).resolve("merged.safetensors"))) {
      assertEquals(expected.names(), merged.names());
      for (String name : expected.names()) {
        assertArrayEquals(
            expected.readFloats(name).values(), merged.readFloats(name).values(), 2e-6f, name);
      }
    }
  }

  @Test
  void saysWhereAnAdapterOfTheLanguageModelWent() throws URISyntaxException {
    merge("inner").close();
    assertEquals(List.of("merging adapter inner (4 weights, found under 'showo.model.')"), phases);
  }

  private CheckpointWeights merge(String adapter) throws URISyntaxException {
    return Adapters.merge(
        Checkpoints.open(resource("base.safetensors")),
        List.of(resource(adapter)),
        Optional.empty(),
        phases::add);
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(PeftMergeTest.class.getResource("/lora/" + name).toURI());
  }
}
