package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;
import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackbone;
import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyFlowHead;
import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Faults in masks, in the pairing of heads and in the scale of scores. */
final class AttentionFaults {

  private static final Set<Stage> TRANSFORMERS = EnumSet.of(Stage.BACKBONE, Stage.FLOW_HEAD);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "image-causal",
              "attention within an image is causal",
              "the mask of segments with FULL attention: each position sees the whole segment, in"
                  + " backbone and flow head (SPEC 4)",
              TRANSFORMERS,
              outside(right -> new OneAttention(right, Attention.CAUSAL))),
          new Fault(
              "text-full",
              "attention within text is full",
              "the mask of segments with CAUSAL attention: no position sees a later one, in"
                  + " backbone and flow head (SPEC 4)",
              TRANSFORMERS,
              outside(right -> new OneAttention(right, Attention.FULL))),
          new Fault(
                  "heads-tiled",
                  "the heads of keys and values are repeated in turn: 0 1 0 1 in place of 0 0 1 1",
                  "how keys and values are repeated for grouped-query attention: head h of the"
                      + " queries belongs to h div (heads / kv heads) (SPEC 4 and 6)",
                  TRANSFORMERS,
                  inside(AttentionFaults::withTiledHeads))
              .onlyFor(
                  sizes ->
                      groupsMatter(sizes.backbone().heads(), sizes.backbone().keyValueHeads())
                          || groupsMatter(
                              sizes.flowHead().heads(), sizes.flowHead().keyValueHeads())),
          new Fault(
              "scores-scaled-by-width",
              "attention scores are divided by the root of the model's width",
              "the scale of attention scores: 1 / root of the size of one head (SPEC 2, 4 and 6)",
              EnumSet.of(Stage.BACKBONE, Stage.FLOW_HEAD, Stage.FUSION),
              inside(AttentionFaults::withScoresScaledByWidth)),
          new Fault(
              "attention-bias-missing",
              "the backbone's q, k and v have no bias",
              "the bias of q_proj, k_proj and v_proj: Qwen2 has one, Llama does not (SPEC 4)",
              EnumSet.of(Stage.BACKBONE),
              inside(
                  variation ->
                      variation.with(
                          WeightEdit.of(
                              Keys.BACKBONE_ATTENTION + "[qkv]_proj\\.bias",
                              bias -> Replacing.each(bias, value -> 0))))));

  private AttentionFaults() {}

  private static boolean groupsMatter(int heads, int keyValueHeads) {
    return keyValueHeads > 1 && heads > keyValueHeads;
  }

  /** Each head of queries moves to where its wrong keys and values are, and its result back. */
  private static Variation withTiledHeads(Variation variation) {
    Architecture sizes = variation.architecture();
    int[] backbone = tiled(sizes.backbone().heads(), sizes.backbone().keyValueHeads());
    int[] flowHead = tiled(sizes.flowHead().heads(), sizes.flowHead().keyValueHeads());
    return variation.with(
        WeightEdit.of(
            Keys.BACKBONE_ATTENTION + "q_proj\\.(weight|bias)", Reordering.rowParts(backbone)),
        WeightEdit.of(
            Keys.BACKBONE_ATTENTION + "o_proj\\.weight", Reordering.columnParts(backbone)),
        WeightEdit.of(Keys.FLOW_HEAD_ATTENTION + "q_proj\\.weight", Reordering.rowParts(flowHead)),
        WeightEdit.of(
            Keys.FLOW_HEAD_ATTENTION + "o_proj\\.weight", Reordering.columnParts(flowHead)));
  }

  private static int[] tiled(int heads, int keyValueHeads) {
    int group = heads / keyValueHeads;
    return IntStream.range(0, heads)
        .map(head -> head / group + keyValueHeads * (head % group))
        .toArray();
  }

  private static Variation withScoresScaledByWidth(Variation variation) {
    Architecture sizes = variation.architecture();
    return variation.with(
        WeightEdit.of(
            Keys.BACKBONE_ATTENTION + "q_proj\\.(weight|bias)",
            scaled(sizes.backbone().headSize(), sizes.backbone().hiddenSize())),
        // The flow head's queries are normed, so that only the norm's gain can scale them.
        WeightEdit.of(
            Keys.FLOW_HEAD_ATTENTION + "q_norm\\.weight",
            scaled(sizes.flowHead().headSize(), sizes.flowHead().hiddenSize())),
        WeightEdit.of(
            Keys.SEMANTIC_ATTENTION + "q_proj\\.(weight|bias)",
            scaled(1, sizes.semantic().heads())));
  }

  private static UnaryOperator<HostTensor> scaled(int headSize, int width) {
    double factor = Math.sqrt((double) headSize / width);
    return weight -> Replacing.each(weight, value -> value * factor);
  }

  /** Knows one kind of attention and takes every segment for it. */
  private static final class OneAttention extends FaultyBackend {

    private final Attention attention;

    OneAttention(Backend right, Attention attention) {
      super(right);
      this.attention = attention;
    }

    @Override
    public Backbone backbone() {
      return new FaultyBackbone(super.backbone()) {
        @Override
        BackboneRequest asked(BackboneRequest request) {
          return BackboneRequest.of(request.cache(), request.embeddings(), attention);
        }
      };
    }

    @Override
    public FlowHead flowHead() {
      return new FaultyFlowHead(super.flowHead()) {
        @Override
        FlowHeadRequest asked(FlowHeadRequest request) {
          return FlowHeadRequest.of(request.cache(), request.hidden(), attention, request.time());
        }
      };
    }
  }
}
