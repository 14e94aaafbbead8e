package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackbone;
import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyFlowHead;
import dev.showo2.conformance.fault.FaultyStages.FaultyVaeDecoder;
import dev.showo2.conformance.fault.FaultyStages.FaultyVaeEncoder;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;

/** Rows of a batch that get to know of each other. */
final class BatchFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "first-row-for-all",
              "every row of a batch has the values of the first",
              "the batch axis: strides of inputs, outputs and caches, and batches taken for 1",
              EnumSet.complementOf(EnumSet.of(Stage.TEXT_EMBEDDING, Stage.TIME_EMBEDDING)),
              outside(FirstRowForAll::new)));

  private BatchFaults() {}

  /** Writes the first row of a batch into every row of a result. */
  private static final class FirstRowForAll extends FaultyBackend {

    FirstRowForAll(Backend right) {
      super(right);
    }

    private Tensor mixed(Tensor tensor) {
      return Replacing.values(this, tensor, Replacing::firstRowForAll);
    }

    @Override
    public Fusion fusion() {
      return request -> mixed(super.fusion().fuse(request));
    }

    @Override
    public Backbone backbone() {
      return new FaultyBackbone(super.backbone()) {
        @Override
        Tensor given(Tensor hidden) {
          return mixed(hidden);
        }
      };
    }

    @Override
    public LanguageHead languageHead() {
      return request -> mixed(super.languageHead().logits(request));
    }

    @Override
    public FlowHead flowHead() {
      return new FaultyFlowHead(super.flowHead()) {
        @Override
        Tensor given(Tensor velocity) {
          return mixed(velocity);
        }
      };
    }

    @Override
    public VaeEncoder vaeEncoder() {
      return new FaultyVaeEncoder(
          super.vaeEncoder(),
          latents ->
              Replacing.values(
                  this, latents, Replacing::firstRowForAll, Replacing::firstRowForAll));
    }

    @Override
    public VaeDecoder vaeDecoder() {
      return new FaultyVaeDecoder(
          super.vaeDecoder(), (latents, decoder) -> mixed(decoder.apply(latents)));
    }
  }
}
