package dev.showo2.export.internal.plan;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * The model that an export starts from, open for reading.
 *
 * @param name of the model, for people
 * @param tokenizerFile where the tokenizer is
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ModelSource(
    String name,
    Architecture architecture,
    CheckpointWeights model,
    CheckpointWeights vae,
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
