package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.HostBackedTensor;
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
import java.util.List;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/** All stages of one bundle. */
@API(status = API.Status.INTERNAL)
public final class ReferenceBackend extends AbstractBackend {

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
    super(new BackendLifetime("reference"), capabilities(bundle));
    this.workers = workers;
    ReferenceContext context =
        new ReferenceContext(
            variation.architecture(),
            Weights.open(bundle, variation.weights(), workers),
            variation.formulas(),
            lifetime());
    textEmbedding = new ReferenceTextEmbedding(context);
    timeEmbedding = new ReferenceTimeEmbedding(context);
    fusion = new ReferenceFusion(context);
    backbone = new ReferenceBackbone(context);
    languageHead = new ReferenceLanguageHead(context);
    flowHead = new ReferenceFlowHead(context);
    vaeEncoder = new ReferenceVaeEncoder(context);
    vaeDecoder = new ReferenceVaeDecoder(context);
  }

  private static Capabilities capabilities(Bundle bundle) {
    return Capabilities.builder()
        .stages(EnumSet.allOf(Stage.class))
        .devices(List.of(Device.CPU))
        .precisions(bundle.manifest().precision().byStage().values())
        .build();
  }

  /**
   * Opens all stages of a bundle.
   *
   * @param threads of one computation; absent for as many as there are processors
   * @throws dev.showo2.error.InvalidModelException if the bundle lacks a weight, or one has another
   *     shape than its architecture calls for
   */
  public static ReferenceBackend open(Bundle bundle, OptionalInt threads) {
    return open(bundle, Variation.none(bundle.architecture()), threads);
  }

  static ReferenceBackend open(Bundle bundle, Variation variation, OptionalInt threads) {
    try (Closer closer = new Closer()) {
      ReferenceBackend backend =
          new ReferenceBackend(bundle, variation, closer.add(new Workers(threads)));
      closer.keepAll();
      return backend;
    }
  }

  /**
   * The features of the semantic layers, which no stage shows.
   *
   * @param latents of images, [N, C, 1, h, w]
   * @return [N, L, E]
   */
  public HostTensor semanticFeatures(HostTensor latents) {
    return lifetime().call(() -> fusion.semantic(latents));
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
  protected Tensor copyOf(FloatBuffer values, Shape shape) {
    return HostBackedTensor.copyOf(lifetime(), values, shape);
  }

  @Override
  protected void release() {
    workers.close();
  }
}
