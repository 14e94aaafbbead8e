package dev.showo2.export.inspect;

import dev.showo2.export.internal.architecture.KnownModel;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * Description of a checkpoint. A tied matrix that a safetensors file holds under both names is
 * taken for two, unless {@code arch.json} says that it is one: telling would take reading both.
 *
 * @param weights how many there are, of the model and of the VAE as far as they are there
 * @param architecture all sizes of the model; of what is not there, those of the released models.
 *     Empty for a VAE, and where the weights alone do not tell
 * @param unknown why there is no architecture, in the words of the reader
 * @param tokens of the tokenizer with those that Show-o2 adds, as many as the embedding matrix
 *     should have rows; empty if there is no tokenizer
 * @param memory that the model will need, by precision; empty without an architecture
 * @param ignoredKeys keys of the weights that no stage needs; empty without an architecture
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CheckpointInspection(
    Path path,
    String name,
    Kind kind,
    List<FileSize> files,
    List<WeightCount> weights,
    Optional<Architecture> architecture,
    Optional<String> unknown,
    OptionalInt tokens,
    Map<Precision, MemoryEstimate> memory,
    List<String> ignoredKeys)
    implements Inspection {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param weights how many there are, of the model and of the VAE as far as they are there
   * @param architecture all sizes of the model; of what is not there, those of the released models.
   *     Empty for a VAE, and where the weights alone do not tell
   * @param unknown why there is no architecture, in the words of the reader
   * @param tokens of the tokenizer with those that Show-o2 adds, as many as the embedding matrix
   *     should have rows; empty if there is no tokenizer
   * @param memory that the model will need, by precision; empty without an architecture
   * @param ignoredKeys keys of the weights that no stage needs; empty without an architecture
   * @param path the inspected path
   * @param name a name for people
   * @param kind the kind of the checkpoint
   * @param files all files with their sizes, by name
   */
  public CheckpointInspection {
    files = List.copyOf(files);
    weights = List.copyOf(weights);
    memory = Collections.unmodifiableMap(memory);
    ignoredKeys = List.copyOf(ignoredKeys);
  }

  /** Kind of model that the keys of the weights belong to. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Kind {
    /** Show-o2, or a part of it. */
    MODEL,
    /** The VAE alone. */
    VAE,
    /** Nothing that this SDK knows. */
    OTHER
  }

  /**
   * {@return the name of the known model with these sizes, such as {@code 1.5b-hq-512}; empty if
   * there is none}
   */
  public Optional<String> model() {
    return architecture.flatMap(KnownModel::of).map(KnownModel::id);
  }

  /** {@return parameters of all parts; tied ones count once} */
  public long parameters() {
    return weights.stream().mapToLong(WeightCount::parameters).sum();
  }
}
