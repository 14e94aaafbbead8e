package dev.showo2.export;

import dev.showo2.export.checkpoint.Weights;
import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;

/**
 * The model that an export starts from, open for reading.
 *
 * @param name of the model, for people
 */
record ModelSource(
    String name,
    Architecture architecture,
    Weights model,
    Weights vae,
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
