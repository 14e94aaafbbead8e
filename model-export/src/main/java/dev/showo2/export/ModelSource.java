package dev.showo2.export;

import dev.showo2.export.checkpoint.Weights;
import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import java.nio.file.Path;

/**
 * The model that an export starts from, open for reading.
 *
 * @param name of the model, for people
 * @param tokenizerFile where the tokenizer lies
 */
record ModelSource(
    String name,
    Architecture architecture,
    Weights model,
    Weights vae,
    Path tokenizerFile,
    TokenizerFile tokenizer,
    GenerationDefaults defaults)
    implements AutoCloseable {

  @Override
  public void close() {
    try (model) {
      vae.close();
    }
  }
}
