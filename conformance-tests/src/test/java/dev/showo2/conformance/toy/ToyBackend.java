package dev.showo2.conformance.toy;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.spi.support.StageArguments.LanguageHeadArguments;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumSet;

/** Five stages in plain Java: text embedding, backbone, language head, and the VAE's decoders. */
final class ToyBackend extends AbstractBackend {

  private final int width;
  private final HostTensor embeddings;
  private final HostTensor head;
  private final ToyBackbone backbone;
  private final ToyVaeDecoder vaeDecoder;
  private final StageArguments<HostBackedTensor, ToyCache> arguments;

  ToyBackend(Architecture architecture, ToyWeights weights) {
    super(
        new BackendLifetime("toy"),
        Capabilities.of(
            EnumSet.of(
                Stage.TEXT_EMBEDDING,
                Stage.BACKBONE,
                Stage.LANGUAGE_HEAD,
                Stage.VAE_IMAGE_DECODER,
                Stage.VAE_VIDEO_DECODER)));
    arguments =
        new StageArguments<>(architecture, lifetime(), HostBackedTensor.class, ToyCache.class);
    width = architecture.backbone().hiddenSize();
    embeddings = weights.get("showo.model.embed_tokens.weight");
    boolean tied = architecture.backbone().tiedEmbeddings();
    head = tied ? embeddings : weights.get("showo.lm_head.weight");
    backbone = new ToyBackbone(architecture.backbone(), weights, arguments);
    vaeDecoder = new ToyVaeDecoder(architecture.vae(), weights, arguments);
  }

  @Override
  public TextEmbedding textEmbedding() {
    return request -> lifetime().call(() -> embed(request));
  }

  private Tensor embed(TextEmbeddingRequest request) {
    int[] ids = arguments.textEmbedding(request);
    int batch = request.ids().length;
    HostTensor result = HostTensor.zeros(Shape.of(batch, ids.length / batch, width));
    for (int row = 0; row < ids.length; row++) {
      System.arraycopy(embeddings.values(), ids[row] * width, result.values(), row * width, width);
    }
    return new HostBackedTensor(lifetime(), result);
  }

  @Override
  public LanguageHead languageHead() {
    return request -> lifetime().call(() -> logits(request));
  }

  private Tensor logits(LanguageHeadRequest request) {
    LanguageHeadArguments<HostBackedTensor> checked = arguments.languageHead(request);
    float[] hidden = checked.hidden().values().values();
    int positions = checked.length() - checked.firstPosition();
    int vocabulary = (int) head.shape().dimension(0);
    HostTensor result = HostTensor.zeros(Shape.of(checked.batch(), positions, vocabulary));
    int next = 0;
    for (int row = 0; row < checked.batch(); row++) {
      for (int position = checked.firstPosition(); position < checked.length(); position++) {
        int from = (row * checked.length() + position) * width;
        for (int id = 0; id < vocabulary; id++) {
          double sum = 0;
          for (int i = 0; i < width; i++) {
            sum += (double) hidden[from + i] * head.values()[id * width + i];
          }
          result.values()[next++] = (float) sum;
        }
      }
    }
    return new HostBackedTensor(lifetime(), result);
  }

  @Override
  public Backbone backbone() {
    return backbone;
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
    // The weights are the garbage collector's; an engine frees its sessions here.
  }
}
