package dev.showo2.export.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.testing.ArchitectureBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointDefaultsTest {

  /** 432 pixels, and 512 and 1024 of the HQ model: what the official scripts leave for a prompt. */
  @ParameterizedTest
  @CsvSource({"27, 290", "32, 251", "64, 251"})
  void promptsAreAsLongAsTheOfficialScriptsLetThem(int side, int tokens) {
    assertEquals(tokens, CheckpointDefaults.of(sizes(side), Optional.empty()).maxPromptTokens());
  }

  @Test
  void everythingElseIsTheSameForAllReleasedModels() {
    assertEquals(50, CheckpointDefaults.of(sizes(64), Optional.empty()).steps());
    assertEquals(5, CheckpointDefaults.of(sizes(64), Optional.empty()).guidanceScale());
    assertEquals("euler", CheckpointDefaults.of(sizes(64), Optional.empty()).solver());
  }

  private static Architecture sizes(int side) {
    TokenGrid grid = new TokenGrid(side, side);
    return ArchitectureBuilder.from(TinyArchitecture.TIED)
        .grids(grid, grid, TinyArchitecture.TIED.videoUnderstandingGrid())
        .build();
  }
}
