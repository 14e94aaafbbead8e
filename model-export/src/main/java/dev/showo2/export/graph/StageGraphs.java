package dev.showo2.export.graph;

import static dev.showo2.model.GraphFile.FIRST;
import static dev.showo2.model.GraphFile.MAIN;
import static dev.showo2.model.GraphFile.NEXT;

import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.List;
import org.apiguardian.api.API;

/** The ONNX graphs of a model, stage by stage. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StageGraphs {

  private StageGraphs() {}

  /** Builds all graphs, in the order of {@link Stage}. */
  public static List<StageGraph> build(Architecture a, WeightLocations w) {
    return List.of(
        new StageGraph(Stage.TEXT_EMBEDDING, MAIN, TextEmbeddingGraph.build(a, w)),
        new StageGraph(Stage.TIME_EMBEDDING, MAIN, TimeEmbeddingGraph.build(a, w)),
        new StageGraph(Stage.FUSION, MAIN, FusionGraph.build(a, w)),
        new StageGraph(Stage.FUSION_RESIZE, MAIN, FusionResizeGraph.build(a, w)),
        new StageGraph(Stage.BACKBONE, MAIN, BackboneGraph.build(a, w)),
        new StageGraph(Stage.LANGUAGE_HEAD, MAIN, LanguageHeadGraph.build(a, w)),
        new StageGraph(Stage.FLOW_HEAD, MAIN, FlowHeadGraph.build(a, w)),
        new StageGraph(Stage.VAE_IMAGE_ENCODER, MAIN, VaeEncoderGraph.build(a, w, VaeForm.IMAGE)),
        new StageGraph(Stage.VAE_IMAGE_DECODER, MAIN, VaeDecoderGraph.build(a, w, VaeForm.IMAGE)),
        new StageGraph(Stage.VAE_VIDEO_ENCODER, FIRST, VaeEncoderGraph.build(a, w, VaeForm.FIRST)),
        new StageGraph(Stage.VAE_VIDEO_ENCODER, NEXT, VaeEncoderGraph.build(a, w, VaeForm.NEXT)),
        new StageGraph(Stage.VAE_VIDEO_DECODER, FIRST, VaeDecoderGraph.build(a, w, VaeForm.FIRST)),
        new StageGraph(Stage.VAE_VIDEO_DECODER, NEXT, VaeDecoderGraph.build(a, w, VaeForm.NEXT)));
  }
}
