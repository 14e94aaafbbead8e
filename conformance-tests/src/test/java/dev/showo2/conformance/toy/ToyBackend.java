package dev.showo2.conformance.toy;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.EnumSet;

/** Two stages in plain Java: token ids to embeddings, hidden states to logits. */
final class ToyBackend implements Backend {

  private static final String EMBEDDINGS = "showo.model.embed_tokens.weight";
  private static final String LOGITS = "showo.lm_head.weight";

  private final int width;
  private final HostTensor embeddings;
  private final HostTensor head;
  private volatile boolean closed;

  ToyBackend(Bundle bundle) {
    width = bundle.architecture().backbone().hiddenSize();
    embeddings = weight(bundle, EMBEDDINGS);
    boolean tied = bundle.architecture().backbone().tiedEmbeddings();
    head = tied ? embeddings : weight(bundle, LOGITS);
  }

  private static HostTensor weight(Bundle bundle, String name) {
    for (BundleFile entry : bundle.manifest().files()) {
      if (entry.name().endsWith(".safetensors")) {
        Path path = bundle.directory().resolve(entry.name());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
          if (file.tensors().containsKey(name)) {
            return file.readFloats(name);
          }
        }
      }
    }
    throw new InvalidModelException(bundle + " lacks the weight " + name);
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(EnumSet.of(Stage.TEXT_EMBEDDING, Stage.LANGUAGE_HEAD));
  }

  @Override
  public TextEmbedding textEmbedding() {
    return this::embed;
  }

  private Tensor embed(TextEmbeddingRequest request) {
    requireOpen();
    int length = request.ids()[0].length;
    HostTensor result = HostTensor.zeros(Shape.of(request.ids().length, length, width));
    int vocabulary = (int) embeddings.shape().dimension(0);
    int next = 0;
    for (int[] row : request.ids()) {
      for (int id : row) {
        if (id < 0 || id >= vocabulary) {
          throw new InvalidRequestException(
              "token ids go from 0 to " + (vocabulary - 1) + ", found " + id);
        }
        System.arraycopy(embeddings.values(), id * width, result.values(), next, width);
        next += width;
      }
    }
    return new ToyTensor(this, result);
  }

  @Override
  public LanguageHead languageHead() {
    return this::logits;
  }

  private Tensor logits(LanguageHeadRequest request) {
    requireOpen();
    HostTensor hidden = ToyTensor.require(request.hidden(), this, width);
    int batch = (int) hidden.shape().dimension(0);
    int length = (int) hidden.shape().dimension(1);
    int first = request.lastOnly() ? length - 1 : 0;
    int vocabulary = (int) head.shape().dimension(0);
    HostTensor result = HostTensor.zeros(Shape.of(batch, length - first, vocabulary));
    int next = 0;
    for (int row = 0; row < batch; row++) {
      for (int position = first; position < length; position++) {
        int from = (row * length + position) * width;
        for (int id = 0; id < vocabulary; id++) {
          double sum = 0;
          for (int i = 0; i < width; i++) {
            sum += (double) hidden.values()[from + i] * head.values()[id * width + i];
          }
          result.values()[next++] = (float) sum;
        }
      }
    }
    return new ToyTensor(this, result);
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    throw lacks(Stage.TIME_EMBEDDING);
  }

  @Override
  public Fusion fusion() {
    throw lacks(Stage.FUSION);
  }

  @Override
  public Backbone backbone() {
    throw lacks(Stage.BACKBONE);
  }

  @Override
  public FlowHead flowHead() {
    throw lacks(Stage.FLOW_HEAD);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    throw lacks(Stage.VAE_IMAGE_ENCODER);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    throw lacks(Stage.VAE_IMAGE_DECODER);
  }

  private static UnsupportedFeatureException lacks(Stage stage) {
    return new UnsupportedFeatureException("the backend 'toy' has no stage " + stage.id());
  }

  @Override
  public Tensor upload(FloatBuffer source, Shape shape) {
    requireOpen();
    if (shape.elementCount() == 0 || source.remaining() < shape.elementCount()) {
      throw new IllegalArgumentException(
          "at least one value is needed and as many as the shape has, found "
              + shape
              + " and "
              + source.remaining()
              + " values");
    }
    HostTensor copy = HostTensor.zeros(shape);
    source.duplicate().get(copy.values());
    return new ToyTensor(this, copy);
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the toy backend is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
