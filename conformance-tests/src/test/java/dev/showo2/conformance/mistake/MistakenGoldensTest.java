package dev.showo2.conformance.mistake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.FixedProvider;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.Variation;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each mistake, and no other, shows in the goldens of the stages that it names. */
@ExtendWith(ExportedModels.class)
class MistakenGoldensTest {

  /** Those that only a whole task shows, with its case. */
  private static final Map<String, String> IN_TASKS =
      Map.of("corners-aligned", "understand_video", "past-not-in-key", "t2i_euler_g5");

  /** Those that no golden shows; {@link MistakenCallsTest} does. */
  private static final Set<String> NOT_IN_GOLDENS =
      Set.of("fork-shares", "truncate-ignored", "time-clamped");

  /** Of the autoencoder's cases there are smaller ones that show the same. */
  private static final Set<String> TOO_SLOW =
      Set.of("vae_encode_image", "vae_encode_video", "vae_decode_image", "latent_sampling");

  @TestFactory
  Stream<DynamicTest> mistakes(Models models) {
    Bundle bundle = models.bundle("tiny-b");
    GoldenSet goldens = GoldenSet.open(models.fixture("tiny-b"));
    Map<String, String> byFigures = Collections.synchronizedMap(new HashMap<>());
    Stream<DynamicTest> right =
        Stream.of(
            dynamicTest(
                "without a mistake",
                () -> {
                  Backend none = Variation.none(bundle.architecture()).open(bundle);
                  Report report =
                      run(bundle, goldens, MistakenGoldensTest::isSmall, new BackendAround(none));
                  assertTrue(report.successful(), report::toString);
                }));
    return Stream.concat(
        right,
        Mistake.all().stream()
            .map(
                mistake ->
                    dynamicTest(
                        mistake.id(),
                        () -> {
                          Report report =
                              run(
                                  bundle,
                                  goldens,
                                  golden -> isTold(golden, mistake),
                                  mistake.open(bundle));
                          if (shows(mistake, bundle.architecture())) {
                            requireShown(mistake, goldens, report, byFigures);
                          } else {
                            assertTrue(report.successful(), report::toString);
                          }
                        })));
  }

  private static Report run(
      Bundle bundle, GoldenSet goldens, Predicate<GoldenCase> selection, Backend backend) {
    return new Verification(FixedProvider.target(own -> backend), bundle)
        .run(goldens, selection, outcome -> {});
  }

  private static boolean isSmall(GoldenCase golden) {
    return CaseStages.isSmall(golden.stage()) && !TOO_SLOW.contains(golden.name());
  }

  /** The autoencoder takes most of the time, and only mistakes of its own can change it. */
  private static boolean isTold(GoldenCase golden, Mistake mistake) {
    Set<Stage> stages = CaseStages.of(golden.stage(), golden.name());
    boolean concerned = !Collections.disjoint(stages, mistake.stages());
    return isSmall(golden)
        ? concerned || !CaseStages.isOfAutoencoder(golden.stage())
        : golden.name().equals(IN_TASKS.get(mistake.id()));
  }

  private static boolean shows(Mistake mistake, Architecture architecture) {
    return mistake.showsIn(architecture) && !NOT_IN_GOLDENS.contains(mistake.id());
  }

  private static void requireShown(
      Mistake mistake, GoldenSet goldens, Report report, Map<String, String> byFigures) {
    Map<String, String> kinds =
        goldens.cases().stream().collect(Collectors.toMap(GoldenCase::name, GoldenCase::stage));
    assertEquals(0, report.count(Status.NOT_RUN), report::toString);
    List<Outcome> failed =
        report.outcomes().stream().filter(each -> each.status() == Status.FAILED).toList();
    assertFalse(failed.isEmpty(), "no golden shows it");
    for (Outcome outcome : failed) {
      assertEquals("", outcome.reason(), "it should compute something else, not break");
      assertFalse(
          Collections.disjoint(
              CaseStages.of(kinds.get(outcome.check()), outcome.check()), mistake.stages()),
          () -> mistake.stages() + " do not explain " + outcome);
    }
    String other =
        byFigures.put(failed.stream().map(Outcome::figures).toList().toString(), mistake.id());
    assertNull(other, "its values are those of another mistake");
  }
}
