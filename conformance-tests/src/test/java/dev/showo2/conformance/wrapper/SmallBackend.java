package dev.showo2.conformance.wrapper;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.Set;

/** Zeros in the shapes of a model, until a test puts in a stage that does wrong. */
final class SmallBackend implements Backend {

  /** C of every model. */
  static final int CHANNELS = 16;

  Set<Stage> stages = EnumSet.allOf(Stage.class);
  TextEmbedding textEmbedding;
  TimeEmbedding timeEmbedding;
  Fusion fusion;
  Backbone backbone = new SmallBackbone();
  LanguageHead languageHead;
  FlowHead flowHead = new SmallFlowHead();
  VaeEncoder vaeEncoder = new SmallVae();
  VaeDecoder vaeDecoder = new SmallVae();
  Tensor uploaded;
  int closings;

  SmallBackend(Architecture architecture) {
    int width = architecture.backbone().hiddenSize();
    textEmbedding =
        request -> new SmallTensor(request.ids().length, request.ids()[0].length, width);
    timeEmbedding =
        request -> {
          int batch = request.times().length;
          return new TimeFeatures(
              new SmallTensor(batch, architecture.flowHead().hiddenSize()),
              new SmallTensor(batch, 1, width));
        };
    fusion =
        request -> {
          Shape shape = request.latents().shape();
          long perFrame =
              request
                  .grid()
                  .map(grid -> (long) grid.tokens())
                  .orElse(shape.dimension(3) * shape.dimension(4) / 4);
          return new SmallTensor(shape.dimension(0), shape.dimension(2) * perFrame, width);
        };
    languageHead =
        request -> {
          Shape shape = request.hidden().shape();
          long positions = request.lastOnly() ? 1 : shape.dimension(1);
          return new SmallTensor(
              shape.dimension(0), positions, architecture.backbone().vocabularySize());
        };
  }

  @Override
  public Capabilities capabilities() {
    return stages == null ? null : Capabilities.of(stages);
  }

  @Override
  public TextEmbedding textEmbedding() {
    return textEmbedding;
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return timeEmbedding;
  }

  @Override
  public Fusion fusion() {
    return fusion;
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public LanguageHead languageHead() {
    return languageHead;
  }

  /** The one stage that may be absent here. */
  @Override
  public FlowHead flowHead() {
    if (flowHead == null) {
      throw new UnsupportedFeatureException("no flow head");
    }
    return flowHead;
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return vaeEncoder;
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return vaeDecoder;
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    if (uploaded != null) {
      return uploaded;
    }
    HostTensor copy = HostTensor.zeros(shape);
    values.duplicate().get(copy.values());
    return new SmallTensor(copy);
  }

  @Override
  public void close() {
    closings++;
  }
}
