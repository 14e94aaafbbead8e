package dev.showo2.export.internal.calibration;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.internal.quantization.WeightEncoding;

/** Token ids to rows of the embedding matrix. */
final class TextEmbeddingPass {

  static final String MATRIX = "showo.model.embed_tokens.weight";

  private TextEmbeddingPass() {}

  /**
   * @return [D, tokens]
   * @throws InvalidRequestException if there is no row for an id
   */
  static Activations run(LinearLayers layers, Encodings encodings, int[] ids, int streams) {
    WeightReader reader = layers.reader();
    int width = reader.columns(MATRIX);
    requireRows(ids, reader.rows(MATRIX));
    WeightEncoding encoding = encodings.of(MATRIX);
    Activations plain = Activations.zeros(width, ids.length, streams);
    Activations rounded = Activations.zeros(width, ids.length, streams);
    reader.blocks(
        MATRIX,
        layers.workers(),
        (values, first, rows) -> {
          for (int token = 0; token < ids.length; token++) {
            int row = ids[token] - first;
            if (row >= 0 && row < rows) {
              float[] embedding = new float[width];
              System.arraycopy(values, row * width, embedding, 0, width);
              put(embedding, plain, token);
              RoundedValues.rows(encoding, embedding, 1, width);
              put(embedding, rounded, token);
            }
          }
        });
    return encoding == WeightEncoding.FLOAT32
        ? plain
        : layers.choose(TokenErrors.of(MATRIX, encoding, plain, rounded), plain, rounded);
  }

  private static void put(float[] embedding, Activations target, int token) {
    for (int i = 0; i < embedding.length; i++) {
      for (int t = token; t < target.columns(); t += target.tokens()) {
        target.values()[i][t] = embedding[i];
      }
    }
  }

  private static void requireRows(int[] ids, int rows) {
    for (int id : ids) {
      if (id < 0 || id >= rows) {
        throw new InvalidRequestException("token ids go from 0 to " + (rows - 1) + ", found " + id);
      }
    }
  }
}
