package dev.showo2.export.inspect;

import dev.showo2.export.internal.architecture.KnownModel;
import dev.showo2.model.Architecture;
import dev.showo2.model.BundleFile;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Description of a bundle.
 *
 * @param hash of the manifest, which names the model exactly
 * @param listed all files but the manifest, with size and SHA-256 as the manifest lists them
 * @param precisions of the weights, by stage
 * @param weights how many there are in each file that holds weights
 * @param parameters of model and VAE; tensors that are stored twice count once
 * @param tokens of the tokenizer with those that Show-o2 adds
 * @param memory that the model needs, by precision
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BundleInspection(
    Path path,
    String name,
    int formatVersion,
    String hash,
    List<BundleFile> listed,
    List<GraphFile> graphs,
    Map<Stage, Precision> precisions,
    List<WeightCount> weights,
    long parameters,
    Architecture architecture,
    int tokens,
    Map<Precision, MemoryEstimate> memory)
    implements Inspection {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param hash of the manifest, which names the model exactly
   * @param listed all files but the manifest, with size and SHA-256 as the manifest lists them
   * @param precisions of the weights, by stage
   * @param weights how many there are in each file that holds weights
   * @param parameters of model and VAE; tensors that are stored twice count once
   * @param tokens of the tokenizer with those that Show-o2 adds
   * @param memory that the model needs, by precision
   * @param path the inspected path
   * @param name a name for people
   * @param formatVersion version of the bundle format
   * @param graphs the graph of each stage
   * @param architecture the sizes of the model
   */
  public BundleInspection {
    listed = List.copyOf(listed);
    graphs = List.copyOf(graphs);
    precisions = Collections.unmodifiableMap(precisions);
    weights = List.copyOf(weights);
    memory = Collections.unmodifiableMap(memory);
  }

  @Override
  public List<FileSize> files() {
    return listed.stream().map(file -> new FileSize(file.name(), file.size())).toList();
  }

  /**
   * {@return the name of the known model with these sizes, such as {@code 1.5b-hq-512}; empty if
   * there is none}
   */
  public Optional<String> model() {
    return KnownModel.of(architecture).map(KnownModel::id);
  }
}
