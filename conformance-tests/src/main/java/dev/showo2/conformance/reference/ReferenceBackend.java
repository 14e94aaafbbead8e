package dev.showo2.conformance.reference;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
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
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.OptionalInt;

/** All stages of one bundle. */
final class ReferenceBackend implements Backend {

  private final Lifetime lifetime = new Lifetime();
  private final Workers workers;
  private final ReferenceTextEmbedding textEmbedding;
  private final ReferenceTimeEmbedding timeEmbedding;
  private final ReferenceFusion fusion;
  private final ReferenceBackbone backbone;
  private final ReferenceLanguageHead languageHead;
  private final ReferenceFlowHead flowHead;
  private final ReferenceVaeEncoder vaeEncoder;
  private final ReferenceVaeDecoder vaeDecoder;

  private ReferenceBackend(Bundle bundle, Variation variation, Workers workers) {
    this.workers = workers;
    Architecture architecture = variation.architecture();
    Formulas formulas = variation.formulas();
    Weights weights = Weights.open(bundle, variation.weights(), workers);
    textEmbedding = new ReferenceTextEmbedding(architecture.backbone(), weights, lifetime);
    timeEmbedding = new ReferenceTimeEmbedding(architecture, weights, lifetime);
    fusion = new ReferenceFusion(architecture, weights, formulas, lifetime);
    backbone = new ReferenceBackbone(architecture.backbone(), weights, formulas, lifetime);
    languageHead = new ReferenceLanguageHead(architecture.backbone(), weights, lifetime);
    flowHead = new ReferenceFlowHead(architecture, weights, formulas, lifetime);
    vaeEncoder = new ReferenceVaeEncoder(architecture.vae(), weights, formulas, lifetime);
    vaeDecoder = new ReferenceVaeDecoder(architecture.vae(), weights, formulas, lifetime);
  }

  static ReferenceBackend open(Bundle bundle, OptionalInt threads) {
    return open(bundle, Variation.none(bundle.architecture()), threads);
  }

  static ReferenceBackend open(Bundle bundle, Variation variation, OptionalInt threads) {
    Workers workers = new Workers(threads);
    try {
      return new ReferenceBackend(bundle, variation, workers);
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(EnumSet.allOf(Stage.class));
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

  @Override
  public FlowHead flowHead() {
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
  public Tensor upload(FloatBuffer source, Shape shape) {
    if (shape.elementCount() == 0) {
      throw new IllegalArgumentException("a shape with values is needed, found " + shape);
    }
    if (source.remaining() < shape.elementCount()) {
      throw new IllegalArgumentException(
          shape
              + " needs "
              + shape.elementCount()
              + " values, the buffer has "
              + source.remaining());
    }
    return lifetime.whileOpen(
        () -> {
          HostTensor copy = HostTensor.zeros(shape);
          source.duplicate().get(copy.values());
          return new ReferenceTensor(copy, lifetime);
        });
  }

  /** Tensors, caches and streams that somebody still has to close; for tests. */
  long openHandles() {
    return lifetime.openHandles();
  }

  @Override
  public void close() {
    lifetime.close(workers::close);
  }
}
