package dev.showo2.train.data;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Examples that can be read in any order, so that they can be shuffled and a run can be resumed
 * amid a pass. One thread at a time uses a source.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ExampleSource extends AutoCloseable {

  /**
   * Returns the number of examples, the unusable ones included.
   *
   * @return at least 1
   */
  long size();

  /**
   * Reads an example, but not its images.
   *
   * @param index from 0 to below the size
   * @return the example
   * @throws BadExampleException if it is malformed
   */
  Example read(long index);

  /**
   * Names the place of an example.
   *
   * @param index from 0 to below the size
   * @return such as file and line
   */
  String origin(long index);

  /**
   * Identifies the content, so that a run is not resumed with other data.
   *
   * @return differs where the examples do, as far as that is found out without reading images
   */
  String fingerprint();

  /** Closes files. A second call does nothing. */
  @Override
  void close();

  /**
   * Makes a source of examples in memory.
   *
   * @param examples read once, here; images are read when they are needed
   * @param name for messages
   * @return a source
   * @throws dev.showo2.error.InvalidRequestException if there are none
   */
  static ExampleSource of(Iterable<? extends Example> examples, String name) {
    List<Example> list = new ArrayList<>();
    examples.forEach(list::add);
    return new ListedExamples(list, name);
  }
}
