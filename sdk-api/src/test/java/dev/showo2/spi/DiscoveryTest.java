package dev.showo2.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.testing.FakeProvider;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One vendor's failure must not hide the others. */
class DiscoveryTest {

  private static final Availability USABLE = Availability.usable();

  @Test
  void aConstructorThatThrows() {
    assertBroken(
        () -> {
          throw new IllegalStateException("boom");
        },
        "broken: java.lang.IllegalStateException: boom");
  }

  @Test
  void aClassThatDoesNotLink() {
    assertBroken(
        () -> {
          throw new ExceptionInInitializerError(new IllegalStateException("boom"));
        },
        "broken: java.lang.ExceptionInInitializerError, caused by java.lang.IllegalState");
  }

  @Test
  void anIdThatThrows() {
    assertBroken(
        () ->
            new FakeProvider("x", 1, USABLE) {
              @Override
              public String id() {
                throw new AssertionError("boom");
              }
            },
        "broken: java.lang.AssertionError: boom");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "Upper", "9x", "-x", "a_b", "a b", "abcdefghijklmnopqrstuvwxyz1234567"})
  void anIdThatIsNone(String id) {
    assertBroken(
        () -> new FakeProvider(id, 1, USABLE),
        "broken: dev.showo2.testing.FakeProvider calls itself '"
            + id
            + "', an id is up to 32 lower");
  }

  @Test
  void anIdThatIsTaken() {
    assertBroken(
        () -> new FakeProvider("good", 1, USABLE) {},
        "has the id 'good' of dev.showo2.testing.FakeProvider");
  }

  @Test
  void infoThatThrowsOrIsNull() {
    assertBroken(
        () ->
            new FakeProvider("x", 1, USABLE) {
              @Override
              public BackendInfo info() {
                throw new UnsupportedOperationException("boom");
              }
            },
        "broken: java.lang.UnsupportedOperationException: boom");
    assertBroken(
        () ->
            new FakeProvider("x", 1, USABLE) {
              @Override
              public BackendInfo info() {
                return null;
              }
            },
        "gives no info");
  }

  @Test
  void aProbeThatThrowsIsAReason() {
    assertUnusable(
        new FakeProvider("x", 1, USABLE) {
          @Override
          public Availability probe() {
            throw new UnsatisfiedLinkError("libx.so");
          }
        },
        "its probe failed, a defect of the backend: java.lang.UnsatisfiedLinkError: libx.so");
  }

  @Test
  void aProbeThatSaysNothingIsAReason() {
    assertUnusable(new FakeProvider("x", 1, null), "its probe says nothing");
  }

  @Test
  void whatTheMachineCannotDoIsNotHidden() {
    List<Supplier<BackendProvider>> suppliers =
        List.of(
            () -> {
              throw new OutOfMemoryError();
            });
    assertThrows(OutOfMemoryError.class, () -> Discovery.of(suppliers, List.of()));
  }

  private static void assertBroken(Supplier<BackendProvider> provider, String line) {
    Discovery discovery = beside(provider);
    assertEquals(1, discovery.candidates().size());
    assertEquals(1, discovery.broken().size());
    assertTrue(discovery.broken().get(0).contains(line), discovery.broken().get(0));
    assertEquals("good", new Backends(discovery).select(Optional.empty()).id());
  }

  private static void assertUnusable(BackendProvider provider, String reason) {
    Discovery discovery = beside(() -> provider);
    assertEquals(List.of(), discovery.broken());
    Availability found = discovery.candidates().get(1).availability();
    assertTrue(((Availability.Unusable) found).reason().startsWith(reason), found.toString());
    assertEquals("good", new Backends(discovery).select(Optional.empty()).id());
  }

  private static Discovery beside(Supplier<BackendProvider> other) {
    return Discovery.of(List.of(() -> new FakeProvider("good", 1, USABLE), other), List.of());
  }
}
