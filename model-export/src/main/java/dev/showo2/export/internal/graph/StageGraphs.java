package dev.showo2.export.internal.graph;

import static dev.showo2.model.GraphFile.FIRST;
import static dev.showo2.model.GraphFile.MAIN;
import static dev.showo2.model.GraphFile.NEXT;

import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** The ONNX graphs of a model, stage by stage. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StageGraphs {

  private StageGraphs() {}

  /** Builds all graphs of a dialect, in the order of {@link Stage}. */
  public static List<StageGraph> build(Architecture a, WeightLocations w, Dialect d) {
    return Stream.concat(transformer(a, w, d).stream(), vae(a, w, d).stream()).toList();
  }

  private static List<StageGraph> transformer(Architecture a, WeightLocations w, Dialect d) {
    return List.of(
        new StageGraph(Stage.TEXT_EMBEDDING, MAIN, d, TextEmbeddingGraph.build(a, w, d)),
        new StageGraph(Stage.TIME_EMBEDDING, MAIN, d, TimeEmbeddingGraph.build(a, w, d)),
        new StageGraph(Stage.FUSION, MAIN, d, FusionGraph.build(a, w, d)),
        new StageGraph(Stage.FUSION_RESIZE, MAIN, d, FusionResizeGraph.build(a, w, d)),
        new StageGraph(Stage.BACKBONE, MAIN, d, BackboneGraph.build(a, w, d)),
        new StageGraph(Stage.LANGUAGE_HEAD, MAIN, d, LanguageHeadGraph.build(a, w, d)),
        new StageGraph(Stage.FLOW_HEAD, MAIN, d, FlowHeadGraph.build(a, w, d)));
  }

  /** Those of the VAE alone, which refer to no other weights than its own. */
  public static List<StageGraph> vae(Architecture a, WeightLocations w, Dialect d) {
    return List.of(
        new StageGraph(
            Stage.VAE_IMAGE_ENCODER, MAIN, d, VaeEncoderGraph.build(a, w, VaeForm.IMAGE, d)),
        new StageGraph(
            Stage.VAE_IMAGE_DECODER, MAIN, d, VaeDecoderGraph.build(a, w, VaeForm.IMAGE, d)),
        new StageGraph(
            Stage.VAE_VIDEO_ENCODER, FIRST, d, VaeEncoderGraph.build(a, w, VaeForm.FIRST, d)),
        new StageGraph(
            Stage.VAE_VIDEO_ENCODER, NEXT, d, VaeEncoderGraph.build(a, w, VaeForm.NEXT, d)),
        new StageGraph(
            Stage.VAE_VIDEO_DECODER, FIRST, d, VaeDecoderGraph.build(a, w, VaeForm.FIRST, d)),
        new StageGraph(
            Stage.VAE_VIDEO_DECODER, NEXT, d, VaeDecoderGraph.build(a, w, VaeForm.NEXT, d)));
  }
}
