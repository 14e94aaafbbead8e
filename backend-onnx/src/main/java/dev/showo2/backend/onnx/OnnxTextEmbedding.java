package dev.showo2.backend.onnx;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;

record OnnxTextEmbedding(StageRunner runner, int vocabularySize) implements TextEmbedding {

  @Override
  public Tensor embed(TextEmbeddingRequest request) {
    int[][] ids = request.ids();
    long[] flat = new long[ids.length * ids[0].length];
    int next = 0;
    for (int[] row : ids) {
      for (int id : row) {
        flat[next++] = checked(id);
      }
    }
    return runner.run("embeddings", call -> call.integers("ids", flat, ids.length, ids[0].length));
  }

  private int checked(int id) {
    if (id < 0 || id >= vocabularySize) {
      throw new InvalidRequestException(
          "token ids go from 0 to " + (vocabularySize - 1) + ", found " + id);
    }
    return id;
  }
}
