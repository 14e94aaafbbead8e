package dev.showo2.spi;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BackendConfigTest {

  @Test
  void defaultsLeaveTheChoiceToTheEngine() {
    BackendConfig config = BackendConfig.defaults();
    assertEquals(Device.CPU, config.device());
    assertEquals(OptionalInt.empty(), config.threads());
    assertEquals(Map.of(), config.options());
  }

  @Test
  void keepsWhatWasSet() {
    BackendConfig config = filled().build();
    assertEquals("cuda:1", config.device().toString());
    assertEquals(OptionalInt.of(3), config.threads());
    assertEquals(List.of("a", "z"), List.copyOf(config.options().keySet()));
    assertEquals(
        "device=cuda:1, threads=3, cacheDirectory=none, shutdownGrace=PT0S, options={a=2, z=1}",
        config.toString());
  }

  @Test
  void namesADirectoryForDerivedFiles() {
    assertEquals(Optional.empty(), BackendConfig.defaults().cacheDirectory());
    BackendConfig config = filled().cacheDirectory(Path.of("engines")).build();
    assertEquals(Optional.of(Path.of("engines")), config.cacheDirectory());
    assertEquals(config, config.toBuilder().build());
    assertNotEquals(filled().build(), config);
  }

  @Test
  void cannotBeChangedAfterwards() {
    BackendConfig.Builder builder = filled();
    BackendConfig config = builder.build();
    builder.device("cpu").threads(1).option("later", "x");
    assertEquals(filled().build(), config);
    assertThrows(UnsupportedOperationException.class, () -> config.options().put("x", "y"));
  }

  @Test
  void equalSettingsAreEqual() {
    assertEquals(filled().build(), filled().build());
    assertEquals(filled().build().hashCode(), filled().build().hashCode());
    assertNotEquals(filled().build(), filled().option("z", "2").build());
    assertNotEquals(filled().build(), filled().threads(4).build());
    assertNotEquals(filled().build(), filled().device("cpu").build());
  }

  @Test
  void refusesWhatNoBackendCouldUse() {
    BackendConfig.Builder builder = BackendConfig.builder();
    assertFails(
        IllegalArgumentException.class, () -> builder.threads(0), "threads: at least 1", "got 0");
    assertFails(
        IllegalArgumentException.class,
        () -> builder.device(" "),
        "device: a type in lower case is needed");
    assertFails(IllegalArgumentException.class, () -> builder.option("", "x"), "an option has");
    assertFails(NullPointerException.class, () -> builder.device((String) null), "device");
    assertFails(NullPointerException.class, () -> builder.option(null, "x"), "name");
    assertFails(NullPointerException.class, () -> builder.option("x", null), "value");
  }

  private static BackendConfig.Builder filled() {
    return BackendConfig.builder()
        .device("cuda:1")
        .threads(3)
        .option("z", "1")
        .option("a", "old")
        .option("a", "2");
  }
}
