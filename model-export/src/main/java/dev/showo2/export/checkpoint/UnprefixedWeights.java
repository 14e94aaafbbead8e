package dev.showo2.export.checkpoint;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apiguardian.api.API;

/** Weights whose keys all start with the same prefix, under the rest of their keys. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class UnprefixedWeights implements Weights {

  private final Weights weights;
  private final String prefix;
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * @param weights are closed together with these
   * @param prefix of every key of the weights
   */
  public UnprefixedWeights(Weights weights, String prefix) {
    this.weights = weights;
    this.prefix = prefix;
    weights.names().forEach(name -> names.add(name.substring(prefix.length())));
  }

  /** The same weights, without the names of wrappers of torch with which every key starts. */
  public static Weights unwrap(Weights weights) {
    String prefix = WrapperPrefix.common(weights.names());
    return prefix.isEmpty() ? weights : new UnprefixedWeights(weights, prefix);
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(names);
  }

  @Override
  public Shape shape(String name) {
    return weights.shape(stored(name));
  }

  @Override
  public ElementType type(String name) {
    return weights.type(stored(name));
  }

  @Override
  public String sharedWith(String name) {
    return weights.sharedWith(stored(name)).substring(prefix.length());
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    weights.read(stored(name), sink);
  }

  @Override
  public void close() {
    weights.close();
  }

  private String stored(String name) {
    return prefix + name;
  }
}
