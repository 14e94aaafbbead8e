package dev.showo2.export.inspect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Description of a LoRA adapter in the format of Hugging Face's PEFT.
 *
 * @param base name of the model that it changes, if it says so
 * @param rank of its matrices
 * @param alpha by which, over the rank, their product is scaled
 * @param targets names, or the one pattern, of the layers that it changes; empty if it does not say
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdapterInspection(
    Path path,
    String name,
    List<FileSize> files,
    WeightCount weights,
    Optional<String> base,
    int rank,
    double alpha,
    List<String> targets)
    implements Inspection {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param base name of the model that it changes, if it says so
   * @param rank of its matrices
   * @param alpha by which, over the rank, their product is scaled
   * @param targets names, or the one pattern, of the layers that it changes; empty if it does not
   *     say
   * @param path the inspected path
   * @param name a name for people
   * @param files all files with their sizes, by name
   * @param weights the weights that were described
   */
  public AdapterInspection {
    files = List.copyOf(files);
    targets = List.copyOf(targets);
  }
}
