package dev.showo2.spi.support;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.stage.Attention;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionReaderTest {

  private static OptionReader reader(String... namesAndValues) {
    BackendConfig.Builder config = BackendConfig.builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      config.option(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new OptionReader("toy", config.build());
  }

  private static void refused(org.junit.jupiter.api.function.Executable call, String message) {
    assertFails(UnsupportedFeatureException.class, call, message);
  }

  @Test
  void readsValuesOfEachType() {
    OptionReader options =
        reader(
            "streams",
            "3",
            "bytes",
            "-5000000000",
            "fast",
            "true",
            "mode",
            "full",
            "level",
            "low",
            "cache",
            "a/b",
            "note",
            "as it is");
    assertEquals(3, options.integer("streams", 1, 1, 8));
    assertEquals(-5_000_000_000L, options.number("bytes", 0, Long.MIN_VALUE, Long.MAX_VALUE));
    assertTrue(options.flag("fast", false));
    assertEquals(Attention.FULL, options.constant("mode", Attention.CAUSAL));
    assertEquals(1, options.choice("level", "high", Map.of("low", 1, "high", 2)));
    assertEquals(Optional.of(Path.of("a", "b")), options.path("cache"));
    assertEquals(Optional.of("as it is"), options.text("note"));
    options.refuseOthers();
  }

  @Test
  void givesTheStandardWhereAnOptionIsNotSet() {
    OptionReader options = reader();
    assertEquals(2, options.integer("streams", 2, 1, 8));
    assertEquals(5L, options.number("bytes", 5, 0, 9));
    assertTrue(options.flag("fast", true));
    assertEquals(Attention.CAUSAL, options.constant("mode", Attention.CAUSAL));
    assertEquals(2, options.choice("level", "high", Map.of("low", 1, "high", 2)));
    assertEquals(Optional.empty(), options.path("cache"));
    assertEquals(Optional.empty(), options.text("note"));
    options.refuseOthers();
  }

  @Test
  void refusesOtherValuesAndSaysWhichExist() {
    OptionReader options =
        reader(
            "streams", "9", "bytes", "1.5", "fast", "yes", "mode", "FULL", "level", "off", "cache",
            "\0");
    refused(
        () -> options.integer("streams", 1, 1, 8),
        "option 'streams' of the backend 'toy' is an integer from 1 to 8, found '9'");
    refused(() -> options.integer("streams", 1, 10, 12), "an integer from 10 to 12, found '9'");
    refused(() -> options.number("bytes", 1, 0, 8), "an integer from 0 to 8, found '1.5'");
    refused(() -> options.flag("fast", true), "is one of [false, true], found 'yes'");
    refused(
        () -> options.constant("mode", Attention.CAUSAL), "is one of [causal, full], found 'FULL'");
    refused(
        () -> options.choice("level", "high", Map.of("low", 1, "high", 2)),
        "is one of [high, low], found 'off'");
    refused(() -> options.path("cache"), "option 'cache' of the backend 'toy' is a path, found");
  }

  @Test
  void refusesOptionsThatWereNotReadAndListsThoseThatExist() {
    OptionReader options = reader("speed", "11", "fast", "true", "color", "red");
    options.flag("fast", false);
    options.integer("streams", 1, 1, 8);
    refused(
        options::refuseOthers,
        "the backend 'toy' has no options [color, speed]; it knows [fast, streams]");
    refused(
        reader("speed", "11")::refuseOthers,
        "the backend 'toy' has no options [speed]; it knows none at all");
  }

  @Test
  void refusesOtherDevices() {
    Device cuda = Device.parse("cuda");
    Device second = Device.parse("cuda:1");
    assertEquals(Device.CPU, reader().device(cuda, Device.CPU));
    OptionReader onSecond = new OptionReader("toy", BackendConfig.builder().device(second).build());
    assertEquals(second, onSecond.device(Device.CPU, cuda));
    refused(
        () -> reader().device(cuda, second),
        "the backend 'toy' computes on the device \"cuda\" or \"cuda:1\", asked for \"cpu\"");
    refused(() -> onSecond.device(Device.parse("cuda:0")), "\"cuda:0\", asked for \"cuda:1\"");
  }
}
