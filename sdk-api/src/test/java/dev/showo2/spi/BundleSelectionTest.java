package dev.showo2.spi;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBundle;
import dev.showo2.testing.FakeProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends for a bundle in int8 and int4. */
class BundleSelectionTest {

  private static final Set<Precision> ALL = EnumSet.allOf(Precision.class);
  private static final Set<Precision> FP32 = Set.of(Precision.FP32);

  @TempDir Path folder;
  private Bundle bundle;

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

  @BeforeEach
  void write() throws IOException {
    BundleManifest fp32 = FakeBundle.manifest(4);
    StagePrecisions low =
        new StagePrecisions(
            Map.of(Stage.BACKBONE, Precision.INT8, Stage.FLOW_HEAD, Precision.INT4));
    BundleManifest manifest =
        new BundleManifest(
            fp32.name(),
            low,
            fp32.architecture(),
            fp32.specialTokens(),
            fp32.defaults(),
            fp32.files(),
            fp32.graphs());
    bundle = Bundle.open(FakeBundle.write(folder, manifest.toJson()));
  }

  @Test
  void theBestOfThoseThatOfferThePrecisionsIsTaken() {
    Backends backends = Backends.of(usable("a", 9, FP32), usable("b", 1, ALL), usable("c", 2, ALL));
    assertEquals("c", backends.select(Optional.empty(), bundle).id());
    assertEquals("b", backends.select(Optional.of("b"), bundle).id());
  }

  @Test
  void theDeviceComesBeforeThePriority() {
    Device gpu = Device.parse("cuda:1");
    Backends backends =
        Backends.of(
            new FakeProvider("gpu", 9, Availability.usable()).running(ALL).on(Device.parse("cuda")),
            new FakeProvider("cpu", 2, Availability.usable()).running(ALL).on(Device.CPU),
            new FakeProvider("silent", 1, Availability.usable()).running(ALL));
    assertEquals("cpu", backends.select(Optional.empty(), bundle).id());
    assertEquals("cpu", backends.select(Optional.empty()).id());
    assertEquals("gpu", backends.select(Optional.empty(), bundle, gpu).id());
    assertEquals("gpu", backends.select(Optional.of("gpu"), bundle, Device.CPU).id());
    assertEquals("silent", backends.select(Optional.empty(), bundle, Device.parse("npu")).id());
  }

  @Test
  void aDeviceThatNobodyNamesIsLeftToTheBackendToRefuse() {
    Backends backends =
        Backends.of(new FakeProvider("cpu", 2, Availability.usable()).running(ALL).on(Device.CPU));
    assertEquals("cpu", backends.select(Optional.empty(), bundle, Device.parse("npu")).id());
  }

  @Test
  void theOneAskedForIsRefusedWithTheStagesAndWhatElseThereIs() {
    Backends backends = Backends.of(usable("a", 9, FP32), usable("b", 1, ALL), unusable("c"));
    assertFails(
        UnsupportedFeatureException.class,
        () -> backends.select(Optional.of("a"), bundle),
        "the backend 'a' does not run "
            + bundle
            + ": it offers fp32, found backbone in int8, flow_head in int4; export or convert the"
            + " checkpoint in what it offers, or choose a backend that offers what was found: b");
  }

  @Test
  void someOfThePrecisionsAreNotEnough() {
    Set<Precision> some = Set.of(Precision.FP32, Precision.INT8);
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(usable("a", 9, some)).select(Optional.of("a"), bundle),
        "it offers fp32, int8, found flow_head in int4;");
  }

  @Test
  void saysThatThePropertyAskedForIt() {
    System.setProperty(Backends.PROPERTY, "a");
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(usable("a", 9, FP32)).select(Optional.empty(), bundle),
        "the backend 'a' (asked for by the system property showo2.backend) does not run");
  }

  @Test
  void withoutOneThatOffersThemEachIsListedWithItsReason() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(usable("a", 9, FP32), unusable("c")).select(Optional.empty(), bundle),
        "no backend that can run here offers the precisions of "
            + bundle
            + ", which are backbone=int8, flow_head=int4, else fp32; found: a (offers fp32), c"
            + " (cannot run here: no GPU); export or convert the checkpoint in what one of them"
            + " offers");
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.of(unusable("c")).select(Optional.empty(), bundle),
        "no backend can run here; found: c (cannot run here: no GPU)");
  }

  @Test
  void providersThatSayNothingRunFp32Alone() {
    FakeProvider silent = new FakeProvider("silent", 1, Availability.usable());
    assertEquals(FP32, silent.precisions());
    assertEquals(FP32, Backends.of(silent).candidates().get(0).precisions());
  }

  @Test
  void providersRefuseInOneCall() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> PrecisionSupport.check(usable("a", 1, FP32), bundle),
        "the backend 'a' does not run " + bundle + ": it offers fp32, found backbone in int8,",
        "or choose a backend that offers what was found");
    assertDoesNotThrow(() -> PrecisionSupport.check(usable("b", 1, ALL), bundle));
  }

  @Test
  void aProviderWithoutAnyPrecisionIsBroken() {
    Backends backends =
        Backends.of(usable("a", 1, Set.of()), usable("b", 1, null), usable("c", 1, ALL));
    assertEquals(List.of("c"), backends.candidates().stream().map(Backends.Candidate::id).toList());
    assertEquals(2, backends.broken().size());
    assertEquals(
        Optional.empty(),
        backends.broken().stream()
            .filter(line -> !line.matches("broken: dev\\.showo2\\..* offers no precision"))
            .findAny());
  }

  private static BackendProvider usable(String id, int priority, Set<Precision> offered) {
    return new FakeProvider(id, priority, Availability.usable()).running(offered);
  }

  private static BackendProvider unusable(String id) {
    return new FakeProvider(id, 99, Availability.unusable("no GPU")).running(ALL);
  }
}
