package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/** Hands everything on to a right backend; a fault overrides what it gets wrong. */
@API(status = API.Status.INTERNAL)
public class BackendAround implements Backend {

  private final Backend right;

  public BackendAround(Backend right) {
    this.right = right;
  }

  @Override
  public Capabilities capabilities() {
    return right.capabilities();
  }

  @Override
  public TextEmbedding textEmbedding() {
    return right.textEmbedding();
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return right.timeEmbedding();
  }

  @Override
  public Fusion fusion() {
    return right.fusion();
  }

  @Override
  public Backbone backbone() {
    return right.backbone();
  }

  @Override
  public LanguageHead languageHead() {
    return right.languageHead();
  }

  @Override
  public FlowHead flowHead() {
    return right.flowHead();
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return right.vaeEncoder();
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return right.vaeDecoder();
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    return right.upload(values, shape);
  }

  @Override
  public void close() {
    right.close();
  }
}
