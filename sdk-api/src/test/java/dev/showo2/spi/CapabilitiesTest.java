package dev.showo2.spi;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  private static Capabilities.Builder all() {
    return Capabilities.builder()
        .stages(EnumSet.of(Stage.FUSION, Stage.BACKBONE))
        .devices(List.of(Device.parse("cuda:1"), Device.CPU))
        .precisions(Set.of(Precision.FP16))
        .longestSequence(4096)
        .largestBatch(8)
        .fusedDenoiseStep(true);
  }

  @Test
  void stagesAloneTellNoLimits() {
    Capabilities capabilities = Capabilities.of(Set.of(Stage.FUSION));
    assertTrue(capabilities.supports(Stage.FUSION));
    assertFalse(capabilities.supports(Stage.BACKBONE));
    assertEquals(Set.of(), capabilities.devices());
    assertEquals(Set.of(), capabilities.precisions());
    assertEquals(OptionalInt.empty(), capabilities.longestSequence());
    assertEquals(OptionalInt.empty(), capabilities.largestBatch());
    assertFalse(capabilities.fusedDenoiseStep());
    assertEquals(Set.of(), Capabilities.of(Set.of()).stages());
  }

  @Test
  void keepsWhatWasSet() {
    Capabilities capabilities = all().build();
    assertEquals(Set.of(Stage.FUSION, Stage.BACKBONE), capabilities.stages());
    assertEquals("[cuda:1, cpu]", capabilities.devices().toString());
    assertEquals(Set.of(Precision.FP16), capabilities.precisions());
    assertEquals(OptionalInt.of(4096), capabilities.longestSequence());
    assertEquals(OptionalInt.of(8), capabilities.largestBatch());
    assertTrue(capabilities.fusedDenoiseStep());
    assertThrows(
        UnsupportedOperationException.class, () -> capabilities.stages().add(Stage.FLOW_HEAD));
  }

  @Test
  void decoratorsChangeSingleSettings() {
    Capabilities capabilities = all().build();
    assertEquals(capabilities, capabilities.toBuilder().build());
    assertEquals(capabilities.hashCode(), capabilities.toBuilder().build().hashCode());
    Capabilities composed = capabilities.toBuilder().fusedDenoiseStep(false).build();
    assertNotEquals(capabilities, composed);
    assertEquals(capabilities.stages(), composed.stages());
    assertNotEquals(capabilities, all().largestBatch(9).build());
    assertNotEquals(capabilities, all().devices(Set.of()).build());
  }

  @Test
  void refusesLimitsThatNothingKeeps() {
    assertFails(
        IllegalArgumentException.class,
        () -> all().longestSequence(0),
        "longestSequence: at least");
    assertFails(IllegalArgumentException.class, () -> all().largestBatch(0), "largestBatch");
  }

  @Test
  void presentsABackend() {
    BackendInfo info =
        BackendInfo.builder("Toy").version("2").priority(5).devices(Set.of(Device.CPU)).build();
    assertEquals("BackendInfo[name=Toy, version=2, priority=5, devices=[cpu]]", info.toString());
    BackendInfo plain = BackendInfo.builder("Toy").build();
    assertEquals("unknown", plain.version());
    assertEquals(0, plain.priority());
    assertEquals(plain, BackendInfo.builder("Toy").build());
    assertNotEquals(plain, info);
    assertFails(NullPointerException.class, () -> BackendInfo.builder(null), "name");
  }
}
