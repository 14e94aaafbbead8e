package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.fault.Fault;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faulty backends close what they do not hand on. */
@ExtendWith(ExportedModels.class)
class FaultyHandlesTest {

  private static final Set<String> CASES =
      Set.of(
          "backbone_one_span",
          "flow_head_one_span",
          "fusion_image",
          "text_embedding_and_logits",
          "vae_encode_other_size",
          "vae_decode_other_size");

  @TestFactory
  Stream<DynamicTest> nothingStaysOpen(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    GoldenSet goldens = GoldenSet.open(models.fixture("tiny-a"));
    return Fault.all().stream()
        .filter(fault -> isMadeAround(fault, bundle))
        .map(fault -> dynamicTest(fault.id(), () -> run(fault, bundle, goldens)));
  }

  /** The others are made within the reference backend and hold nothing of their own. */
  private static boolean isMadeAround(Fault fault, Bundle bundle) {
    try (Backend right = ReferenceBackend.open(bundle, OptionalInt.empty())) {
      return fault.around(right, bundle.architecture()).isPresent();
    }
  }

  private static void run(Fault fault, Bundle bundle, GoldenSet goldens) {
    ReferenceBackend right = ReferenceBackend.open(bundle, OptionalInt.empty());
    try (Backend wrong = fault.around(right, bundle.architecture()).orElseThrow()) {
      new Verification(UnderTest.target(own -> wrong), bundle)
          .run(goldens, golden -> CASES.contains(golden.name()), outcome -> {});
      assertEquals(0, right.lifetime().openResources(), "handles left open");
    }
  }
}
