package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Providers that cannot be found, and ones that say or open what they should not. */
class ProviderRulesTest extends TwistedBackendTest {

  @Test
  void aProviderThatIsNotRegistered() {
    assertFails(
        Rule.R01,
        "found by its id",
        Twist.NONE,
        "constructor dev.showo2.conformance.internal.check.run.TwistedProvider needs to be public",
        "ServiceLoader finds no backend 'twisted'; META-INF/services/dev.showo2.spi.BackendProvider"
            + " in the backend's jar has to name"
            + " dev.showo2.conformance.internal.check.run.TwistedProvider");
  }

  @Test
  void aBlankName() {
    assertFails(
        Rule.R01,
        "info",
        Twist.at("BackendProvider.info", call -> BackendInfo.builder(" ").version("1").build()),
        "name is blank");
  }

  @Test
  void aProbeThatThrows() {
    assertFails(
        Rule.R01,
        "probe",
        Twist.at(
            "BackendProvider.probe",
            call -> {
              throw new UnsatisfiedLinkError("libengine.so");
            }),
        "libengine.so",
        "is a reason in Availability.unusable");
  }

  @Test
  void aProbeThatChangesItsMind() {
    AtomicInteger count = new AtomicInteger();
    assertFails(
        Rule.R01,
        "probe",
        Twist.at(
            "BackendProvider.probe",
            call ->
                count.getAndIncrement() == 0
                    ? Availability.usable()
                    : Availability.unusable("loaded already")),
        "loaded already",
        "on the same machine");
  }

  @Test
  void aStageThatIsThereWithoutBeingNamed() {
    assertFails(
        Rule.R02,
        "stages",
        lacking(Stage.FLOW_HEAD),
        "flowHead went through; UnsupportedFeatureException is needed: the capabilities do not name"
            + " flow_head");
  }

  @Test
  void aFormThatIsThereWithoutBeingNamed() {
    assertFails(
        Rule.R02,
        "stages",
        lacking(Stage.VAE_VIDEO_DECODER, Stage.FUSION_RESIZE),
        "VaeDecoderStream.decode first frame went through",
        "Fusion.fuse latents with a grid went through",
        "do not name vae_video_decoder");
  }

  private static Twist lacking(Stage... stages) {
    Set<Stage> others = EnumSet.allOf(Stage.class);
    others.removeAll(Set.of(stages));
    return Twist.at("Backend.capabilities", call -> Capabilities.of(others));
  }

  @Test
  void aStageThatIsNamedAndNull() {
    assertFails(
        Rule.R02,
        "bundle without graphs",
        Twist.at("Backend.languageHead", call -> null),
        "languageHead is null, although the capabilities name language_head");
  }

  @Test
  void aConfigurationThatIsIgnored() {
    Twist careless =
        Twist.at(
            "BackendProvider.open",
            call ->
                call.method().invoke(call.real(), call.arguments()[0], BackendConfig.defaults()));
    assertFails(Rule.R03, "device", careless, "opening with no-such-device went through");
    assertFails(Rule.R03, "option", careless, "opening with no-such-option went through");
  }

  @Test
  void aPrecisionThatIsNotOfferedAndOpens() {
    assertFails(
        Rule.R22,
        "precisions",
        Twist.at("BackendProvider.precisions", call -> Set.of(Precision.FP32, Precision.INT8)),
        "opening a bundle in fp16 went through; UnsupportedFeatureException is needed: call"
            + " dev.showo2.spi.PrecisionSupport.check first in the provider's open",
        "opening a bundle in int4 went through");
  }

  @Test
  void aPrecisionThatIsNotOfferedAndRefused() {
    assertPasses(
        Rule.R22,
        "precisions",
        call ->
            switch (call.name()) {
              case "BackendProvider.precisions" -> Set.of(Precision.FP32);
              case "BackendProvider.open" -> {
                dev.showo2.spi.PrecisionSupport.check(
                    new FakeProvider("other"), (Bundle) call.arguments()[0]);
                yield call.proceed();
              }
              default -> call.proceed();
            });
  }

  @Test
  void noPrecisionAtAll() {
    assertFails(
        Rule.R22,
        "precisions",
        Twist.at("BackendProvider.precisions", call -> null),
        "precisions are null, at least one is needed");
  }

  @Test
  void anotherExceptionForADamagedBundle() {
    assertFails(
        Rule.R08,
        "damaged headers",
        Twist.at(
            "BackendProvider.open",
            call -> {
              try {
                return call.proceed();
              } catch (RuntimeException e) {
                throw new IllegalStateException("engine: error 7", e);
              }
            }),
        "engine: error 7",
        "BackendException or InvalidModelException is needed");
  }

  @Test
  void aDamagedBundleThatOpens() {
    Bundle intact = models.bundle("tiny-a");
    assertFails(
        Rule.R08,
        "damaged headers",
        Twist.at(
            "BackendProvider.open",
            call -> call.method().invoke(call.real(), intact, call.arguments()[1])),
        "begins with nonsense; look at what it reads while opening");
  }

  @Test
  void aFileThatStaysOpenAfterAFailure() throws IOException {
    List<InputStream> left = new ArrayList<>();
    assertFails(
        Rule.R08,
        "damaged headers",
        Twist.at(
            "BackendProvider.open",
            call -> {
              InputStream file = open((Bundle) call.arguments()[0]);
              left.add(file);
              Object backend = call.proceed();
              file.close();
              return backend;
            }),
        "tokenizer.json",
        "close what was opened before the failure");
    for (InputStream file : left) {
      file.close();
    }
  }

  private static InputStream open(Bundle bundle) {
    try {
      return Files.newInputStream(bundle.tokenizer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
