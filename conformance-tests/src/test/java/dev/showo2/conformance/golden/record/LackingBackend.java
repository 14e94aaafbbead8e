package dev.showo2.conformance.golden.record;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import java.util.Set;

/** A backend of which only some stages are shown. */
final class LackingBackend extends ForwardingBackend {

  private final Set<Stage> stages;

  LackingBackend(Backend backend, Set<Stage> stages) {
    super(backend);
    this.stages = stages;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(stages);
  }

  private <T> T having(Stage stage, T part) {
    if (!stages.contains(stage)) {
      throw new UnsupportedFeatureException("lacks " + stage.id());
    }
    return part;
  }

  @Override
  public TextEmbedding textEmbedding() {
    return having(Stage.TEXT_EMBEDDING, super.textEmbedding());
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return having(Stage.TIME_EMBEDDING, super.timeEmbedding());
  }

  @Override
  public Fusion fusion() {
    return having(Stage.FUSION, super.fusion());
  }

  @Override
  public Backbone backbone() {
    return having(Stage.BACKBONE, super.backbone());
  }

  @Override
  public LanguageHead languageHead() {
    return having(Stage.LANGUAGE_HEAD, super.languageHead());
  }

  @Override
  public FlowHead flowHead() {
    return having(Stage.FLOW_HEAD, super.flowHead());
  }
}
