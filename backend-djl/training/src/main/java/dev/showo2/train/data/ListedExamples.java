package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import java.util.List;

/** Examples in memory. */
final class ListedExamples implements ExampleSource {

  private final List<Example> examples;
  private final String name;

  ListedExamples(List<Example> examples, String name) {
    this.examples = List.copyOf(examples);
    this.name = name;
    if (examples.isEmpty()) {
      throw new InvalidRequestException(name + ": expected at least one example, found none");
    }
  }

  @Override
  public long size() {
    return examples.size();
  }

  @Override
  public Example read(long index) {
    return examples.get((int) index);
  }

  @Override
  public String origin(long index) {
    return name + ", example " + (index + 1);
  }

  @Override
  public String fingerprint() {
    return name + ":" + examples.size();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
