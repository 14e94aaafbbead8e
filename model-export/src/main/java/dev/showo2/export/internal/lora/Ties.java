package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.checkpoint.MappedWeights;
import java.util.Optional;

/**
 * Embedding matrix and language head of a model that uses one matrix for both.
 *
 * <p>An adapter that is trained on one of them leaves the other as it was: PEFT adds its product to
 * what that one layer computes. Merged, the two are therefore two matrices. (PEFT's own merging
 * changes the one matrix that both use, and warns that the model computes something else then.)
 */
final class Ties {

  static final String EMBEDDING = ModelKeys.EMBEDDING;
  static final String HEAD = ModelKeys.LANGUAGE_HEAD;

  private static final String FIELD = "tie_word_embeddings";

  private Ties() {}

  /** The model with a key for its head also where the file has the matrix only once. */
  static CheckpointWeights withHead(CheckpointWeights model, Optional<Boolean> tied) {
    return tied.orElse(true) && model.names().contains(EMBEDDING) && !model.names().contains(HEAD)
        ? MappedWeights.alias(model, EMBEDDING, HEAD)
        : model;
  }

  /**
   * @throws InvalidModelException if the two differ now and {@code arch.json} says that they do not
   */
  static void require(CheckpointWeights merged, Optional<Boolean> tied) {
    if (tied.orElse(false)
        && merged.names().contains(HEAD)
        && merged.names().contains(EMBEDDING)
        && !merged.sameValues(EMBEDDING, HEAD)) {
      throw new InvalidModelException(
          "after merging, "
              + EMBEDDING
              + " and "
              + HEAD
              + " differ, but arch.json says that they are one matrix; set 'llm."
              + FIELD
              + "' to false in a copy of the checkpoint's arch.json");
    }
  }
}
