package dev.showo2.spi;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.testing.FakeProvider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackendsTest {

  private String propertyBefore;

  @BeforeEach
  void clearProperty() {
    propertyBefore = System.clearProperty(Backends.PROPERTY);
  }

  @AfterEach
  void restoreProperty() {
    System.clearProperty(Backends.PROPERTY);
    if (propertyBefore != null) {
      System.setProperty(Backends.PROPERTY, propertyBefore);
    }
  }

  @Test
  void listsWhatWasFoundById() {
    Backends backends = Backends.of(usable("b", 1), unusable("a", 2));
    assertEquals(
        List.of("a", "b"), backends.candidates().stream().map(Backends.Candidate::id).toList());
    assertEquals(
        BackendInfo.builder("Fake b").version("1").priority(1).build(),
        backends.candidates().get(1).info());
    assertTrue(backends.anyUsable());
    assertFalse(Backends.of(unusable("a", 1)).anyUsable());
  }

  @Test
  void anIdThatIsAskedForComesFirst() {
    System.setProperty(Backends.PROPERTY, "c");
    Backends backends = Backends.of(usable("a", 1), usable("b", 3), usable("c", 2));
    assertEquals("a", backends.select(Optional.of("a")).id());
  }

  @Test
  void thePropertyComesSecond() {
    System.setProperty(Backends.PROPERTY, "a");
    assertEquals("a", Backends.of(usable("a", 1), usable("b", 2)).select(Optional.empty()).id());
  }

  @Test
  void aBlankPropertyCountsAsNone() {
    System.setProperty(Backends.PROPERTY, " ");
    assertEquals("b", Backends.of(usable("a", 1), usable("b", 2)).select(Optional.empty()).id());
  }

  @Test
  void thenTheHighestPriorityAmongTheUsable() {
    Backends backends = Backends.of(usable("a", -5), usable("b", 7), unusable("c", 9));
    assertEquals("b", backends.select(Optional.empty()).id());
  }

  @Test
  void oneForComparisonIsChosenOnlyWhenItIsNamed() {
    Backends backends = Backends.of(usable("slow", BackendInfo.NAMED_ONLY), unusable("onnx", 9));
    assertEquals("slow", backends.select(Optional.of("slow")).id());
    Exception failure =
        assertThrows(UnsupportedFeatureException.class, () -> backends.select(Optional.empty()));
    // No word of an artifact to add: it is there already.
    assertEquals(
        "no backend can run here; found: onnx (cannot run here: onnx needs a GPU), slow (usable,"
            + " only if it is named)",
        failure.getMessage());
  }

  @Test
  void equalPrioritiesGoById() {
    Backends backends = Backends.of(usable("c", 2), usable("b", 2), usable("a", 1));
    assertEquals("b", backends.select(Optional.empty()).id());
  }

  @Test
  void saysWhyTheOneAskedForCannotBeUsed() {
    Backends backends = Backends.of(usable("a", 1), unusable("b", 2));
    assertFails(
        UnsupportedFeatureException.class,
        () -> backends.select(Optional.of("b")),
        "the backend 'b' cannot be used; found: a (usable), b (cannot run here: b needs a GPU)");
  }

  @Test
  void saysThatThePropertyAskedForIt() {
    System.setProperty(Backends.PROPERTY, "b");
    String source = " (asked for by the system property showo2.backend) ";
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(unusable("b", 2)).select(Optional.empty()),
        "the backend 'b'" + source + "cannot be used");
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(usable("a", 2)).select(Optional.empty()),
        "there is no backend 'b'" + source.strip().indent(1).stripTrailing());
  }

  @Test
  void anAbsentBackendOfTheSdkIsNamedWithItsArtifact() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of().select(Optional.of("tensorrt")),
        "there is no backend 'tensorrt'",
        "add the artifact of a backend to the class path: dev.showo2:backend-tensorrt");
  }

  @Test
  void anUnknownIdListsWhatWasFoundAndWhatToAdd() {
    Backends backends = Backends.of(usable("a", 1), unusable("b", 2));
    assertFails(
        UnsupportedFeatureException.class,
        () -> backends.select(Optional.of("vulkan")),
        "there is no backend 'vulkan'; found: a (usable), b (cannot run here: b needs a GPU)",
        "add the artifact of a backend to the class path: dev.showo2:backend-onnx for 'onnx'");
    assertFails(
        UnsupportedFeatureException.class,
        () -> backends.select(Optional.of("onnx")),
        "add the artifact of a backend to the class path: dev.showo2:backend-onnx");
  }

  @Test
  void saysThatThereIsNone() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of().select(Optional.empty()),
        "no backend can run here; none was found; add the artifact of a backend to the class path");
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(unusable("b", 2)).select(Optional.empty()),
        "no backend can run here; found: b (cannot run here: b needs a GPU)");
  }

  @Test
  void aProviderThatIsNullIsNamed() {
    assertFails(NullPointerException.class, () -> Backends.of((BackendProvider) null), "provider");
    assertFails(NullPointerException.class, () -> Backends.find(null), "loader");
  }

  private static BackendProvider usable(String id, int priority) {
    return new FakeProvider(id, priority, Availability.usable());
  }

  private static BackendProvider unusable(String id, int priority) {
    return new FakeProvider(id, priority, Availability.unusable(id + " needs a GPU"));
  }
}
