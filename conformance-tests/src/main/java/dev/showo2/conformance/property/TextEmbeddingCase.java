package dev.showo2.conformance.property;

import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;

/** Rows of different tokens. */
record TextEmbeddingCase(int batch, int length) implements StageCase {

  @Override
  public void run(StageRun run) {
    if (run.compares(Stage.TEXT_EMBEDDING)) {
      int[][] ids = new int[batch][];
      for (int row = 0; row < batch; row++) {
        ids[row] = run.tokens(length);
      }
      run.keep("embeddings", run.backend().textEmbedding().embed(new TextEmbeddingRequest(ids)));
    }
  }
}
