package dev.showo2.export.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/** The ONNX graphs of a model, one per stage. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StageGraphs {

  private static final Map<Stage, Factory> FACTORIES = factories();

  private StageGraphs() {}

  private static Map<Stage, Factory> factories() {
    Map<Stage, Factory> factories = new LinkedHashMap<>();
    factories.put(Stage.TEXT_EMBEDDING, TextEmbeddingGraph::build);
    factories.put(Stage.TIME_EMBEDDING, TimeEmbeddingGraph::build);
    factories.put(Stage.FUSION, FusionGraph::build);
    factories.put(Stage.BACKBONE, BackboneGraph::build);
    factories.put(Stage.LANGUAGE_HEAD, LanguageHeadGraph::build);
    factories.put(Stage.FLOW_HEAD, FlowHeadGraph::build);
    factories.put(Stage.VAE_IMAGE_ENCODER, VaeImageEncoderGraph::build);
    factories.put(Stage.VAE_IMAGE_DECODER, VaeImageDecoderGraph::build);
    return factories;
  }

  /** Builds all graphs, in the order of {@link Stage}. */
  public static Map<Stage, ModelProto> build(Architecture architecture, WeightLocations weights) {
    Map<Stage, ModelProto> graphs = new LinkedHashMap<>();
    FACTORIES.forEach((stage, factory) -> graphs.put(stage, factory.build(architecture, weights)));
    return graphs;
  }

  /** How one stage's graph is built. */
  @FunctionalInterface
  private interface Factory {
    ModelProto build(Architecture architecture, WeightLocations weights);
  }
}
