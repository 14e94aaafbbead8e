package dev.showo2.conformance.golden.record;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Set;

/** A backend of which only some stages are shown. */
record LackingBackend(Backend backend, Set<Stage> stages) implements Backend {

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(stages);
  }

  private Backend having(Stage stage) {
    if (!stages.contains(stage)) {
      throw new UnsupportedFeatureException("lacks " + stage.id());
    }
    return backend;
  }

  @Override
  public TextEmbedding textEmbedding() {
    return having(Stage.TEXT_EMBEDDING).textEmbedding();
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return having(Stage.TIME_EMBEDDING).timeEmbedding();
  }

  @Override
  public Fusion fusion() {
    return having(Stage.FUSION).fusion();
  }

  @Override
  public Backbone backbone() {
    return having(Stage.BACKBONE).backbone();
  }

  @Override
  public LanguageHead languageHead() {
    return having(Stage.LANGUAGE_HEAD).languageHead();
  }

  @Override
  public FlowHead flowHead() {
    return having(Stage.FLOW_HEAD).flowHead();
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return backend.vaeEncoder();
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return backend.vaeDecoder();
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    return backend.upload(values, shape);
  }

  @Override
  public void close() {
    backend.close();
  }
}
