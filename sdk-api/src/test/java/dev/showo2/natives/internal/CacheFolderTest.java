package dev.showo2.natives.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

  private static final Path HOME = Path.of("home", "ann").toAbsolutePath();
  private static final Path ELSEWHERE = Path.of("elsewhere").toAbsolutePath();

  private static Path locate(Map<String, String> environment, String system) throws IOException {
    return CacheFolder.locate(environment, system, HOME.toString());
  }

  @Test
  void ownVariableComesFirst() throws IOException {
    Map<String, String> both =
        Map.of("SHOWO2_CACHE", ELSEWHERE.toString(), "XDG_CACHE_HOME", HOME.toString());
    assertEquals(ELSEWHERE, locate(both, "Linux"));
    assertEquals(Path.of("here").toAbsolutePath(), locate(Map.of("SHOWO2_CACHE", "here"), "Linux"));
  }

  @Test
  void conventionsOfTheSystem() throws IOException {
    assertEquals(HOME.resolve(".cache/showo2"), locate(Map.of(), "Linux"));
    assertEquals(HOME.resolve("Library/Caches/showo2"), locate(Map.of(), "Mac OS X"));
    assertEquals(
        ELSEWHERE.resolve("showo2"),
        locate(Map.of("LOCALAPPDATA", ELSEWHERE.toString()), "Windows 11"));
    assertEquals(
        ELSEWHERE.resolve("showo2"),
        locate(Map.of("XDG_CACHE_HOME", ELSEWHERE.toString()), "Linux"));
  }

  @Test
  void emptyAndRelativeVariablesDoNotCount() throws IOException {
    assertEquals(
        HOME.resolve(".cache/showo2"),
        locate(Map.of("SHOWO2_CACHE", "", "XDG_CACHE_HOME", "relative"), "Linux"));
  }

  @Test
  void userWithoutHomeIsToldWhatToSet() {
    IOException failure =
        assertThrows(IOException.class, () -> CacheFolder.locate(Map.of(), "Linux", "?"));
    assertTrue(failure.getMessage().contains("SHOWO2_CACHE"), failure.getMessage());
  }
}
