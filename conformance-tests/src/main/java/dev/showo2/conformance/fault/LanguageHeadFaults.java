package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;
import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Faults in the matrix of the logits and in their position. */
final class LanguageHeadFaults {

  private static final int SEQUENCE = 1;

  private static final Set<Stage> STAGE = EnumSet.of(Stage.LANGUAGE_HEAD);

  static final List<Fault> ALL =
      List.of(
          new Fault(
                  "head-tied",
                  "logits are made with the embedding matrix, although the two are not tied",
                  "the weight of the language head: showo.lm_head.weight in models that are not"
                      + " tied (SPEC 5)",
                  STAGE,
                  inside(LanguageHeadFaults::tied))
              .onlyFor(architecture -> !architecture.backbone().tiedEmbeddings()),
          new Fault(
              "first-position-for-last",
              "the logits of the first position are given as those of the last",
              "requests for the last position only: [B, 1, V] of position S-1 (SPEC 5)",
              STAGE,
              outside(LanguageHeadFaults::withFirstPosition)));

  private LanguageHeadFaults() {}

  private static Variation tied(Variation variation) {
    Architecture sizes = variation.architecture();
    return variation.with(Sizes.withBackbone(sizes, sizes.backbone().normEpsilon(), true));
  }

  private static Backend withFirstPosition(Backend right) {
    return new FaultyBackend(right) {
      @Override
      public LanguageHead languageHead() {
        LanguageHead head = super.languageHead();
        return request ->
            request.lastOnly()
                ? Replacing.values(
                    this,
                    head.logits(LanguageHeadRequest.of(request.hidden(), false)),
                    logits -> HostTensors.slice(logits, SEQUENCE, 0, 1))
                : head.logits(request);
      }
    };
  }
}
