package dev.showo2.conformance.reference;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;

/** Token ids to rows of the embedding matrix. */
final class ReferenceTextEmbedding implements TextEmbedding {

  static final String MATRIX = "showo.model.embed_tokens";

  private final Weight matrix;
  private final Lifetime lifetime;

  ReferenceTextEmbedding(Architecture.Decoder sizes, Weights weights, Lifetime lifetime) {
    this.matrix = weights.weight(MATRIX + ".weight", sizes.vocabularySize(), sizes.hiddenSize());
    this.lifetime = lifetime;
  }

  @Override
  public Tensor embed(TextEmbeddingRequest request) {
    return lifetime.whileOpen(
        () -> {
          int batch = request.ids().length;
          int length = request.ids()[0].length;
          Matrix embeddings = Matrix.zeros(batch * length, matrix.columns());
          int row = 0;
          for (int[] sequence : request.ids()) {
            for (int id : sequence) {
              double[] embedding = matrix.row(checked(id));
              System.arraycopy(
                  embedding, 0, embeddings.values(), embeddings.start(row++), embedding.length);
            }
          }
          return new ReferenceTensor(
              embeddings.toTensor(batch, length, matrix.columns()), lifetime);
        });
  }

  private int checked(int id) {
    if (id < 0 || id >= matrix.rows()) {
      throw new InvalidRequestException(
          "token ids go from 0 to " + (matrix.rows() - 1) + ", found " + id);
    }
    return id;
  }
}
