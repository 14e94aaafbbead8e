package dev.showo2.export.internal.architecture;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.MappedWeights;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.Shape;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/** The one matrix of tied models, which files may hold under either of its names, or under both. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TiedMatrix {

  private TiedMatrix() {}

  /** What {@code arch.json} says about the two, if anything. */
  public static Optional<Boolean> stated(Optional<JsonFields> arch) {
    return Section.backbone(arch).flag("tie_word_embeddings");
  }

  /**
   * The model with a key for its embedding matrix also where the file has it only as the language
   * head, as {@code save_model} of safetensors writes it.
   *
   * @param arch {@code arch.json} of the model, where it has one
   */
  public static CheckpointWeights complete(CheckpointWeights model, Optional<JsonFields> arch) {
    Set<String> names = model.names();
    if (!names.contains(ModelKeys.LANGUAGE_HEAD)
        || names.contains(ModelKeys.EMBEDDING)
        || model.unreadable().containsKey(ModelKeys.EMBEDDING)) {
      return model;
    }
    Shape shape = model.shape(ModelKeys.LANGUAGE_HEAD);
    boolean tied =
        stated(arch)
            .orElseGet(() -> shape.rank() == 2 && KnownSizes.tied(shape.dimension(1)).orElse(true));
    return tied ? MappedWeights.alias(model, ModelKeys.LANGUAGE_HEAD, ModelKeys.EMBEDDING) : model;
  }
}
