package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;

/** Token ids to rows of the embedding matrix. */
final class ReferenceTextEmbedding implements TextEmbedding {

  static final String MATRIX = "showo.model.embed_tokens";

  private final Weight matrix;
  private final ReferenceContext context;

  ReferenceTextEmbedding(ReferenceContext context) {
    Architecture.Decoder sizes = context.architecture().backbone();
    this.context = context;
    this.matrix =
        context.weights().weight(MATRIX + ".weight", sizes.vocabularySize(), sizes.hiddenSize());
  }

  @Override
  public Tensor embed(TextEmbeddingRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              int[] ids = context.arguments().textEmbedding(request);
              Matrix embeddings = Matrix.zeros(ids.length, matrix.columns());
              for (int row = 0; row < ids.length; row++) {
                double[] embedding = matrix.row(ids[row]);
                System.arraycopy(
                    embedding, 0, embeddings.values(), embeddings.start(row), embedding.length);
              }
              int batch = request.ids().length;
              return context.tensor(
                  embeddings.toTensor(batch, ids.length / batch, matrix.columns()));
            });
  }
}
