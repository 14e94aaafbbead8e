package dev.showo2.spi;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda", "cuda:0", "cuda:17", "rocm:2", "no-such-device"})
  void readsWhatItWrites(String text) {
    assertEquals(text, Device.parse(text).toString());
    assertEquals(Device.parse(text), Device.parse(text));
    assertEquals(Device.parse(text).hashCode(), Device.parse(text).hashCode());
  }

  @Test
  void tellsTypeAndIndexApart() {
    Device second = Device.parse("cuda:1");
    assertEquals("cuda", second.type());
    assertEquals(OptionalInt.of(1), second.index());
    assertEquals(OptionalInt.empty(), Device.CPU.index());
    assertEquals(Device.CPU, Device.parse("cpu"));
    assertNotEquals(Device.parse("cuda"), Device.parse("cuda:0"));
    assertNotEquals(Device.parse("cuda:0"), Device.parse("cuda:1"));
    assertNotEquals(Device.parse("cuda"), Device.CPU);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "cpu ",
        "CUDA",
        "CUDA:x",
        "cuda:",
        "cuda:-1",
        "cuda:01",
        "cuda:x",
        ":1",
        "cuda:1:2",
        "1cuda",
        "cuda:99999999999"
      })
  void refusesOtherForms(String text) {
    assertFails(
        IllegalArgumentException.class,
        () -> Device.parse(text),
        "such as cpu, cuda or cuda:1; found '" + text + "'");
  }

  @Test
  void refusesNull() {
    assertFails(NullPointerException.class, () -> Device.parse(null), "device");
  }
}
