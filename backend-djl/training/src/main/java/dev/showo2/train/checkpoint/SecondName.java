package dev.showo2.train.checkpoint;

import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.model.Architecture;

/** The second name of a tied matrix, which released checkpoints have as well. */
final class SecondName {

  private SecondName() {}

  /** Adds the language head behind the embedding matrix if they are one. */
  static void follow(String key, Architecture sizes, ReleaseFormat format, ComposedWeights model) {
    if (key.equals(ModelKeys.EMBEDDING) && sizes.backbone().tiedEmbeddings()) {
      if (format == ReleaseFormat.TORCH) {
        model.share(ModelKeys.LANGUAGE_HEAD, key);
      } else {
        model.add(ModelKeys.LANGUAGE_HEAD, model, key);
      }
    }
  }
}
