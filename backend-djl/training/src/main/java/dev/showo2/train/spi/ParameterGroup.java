package dev.showo2.train.spi;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Weights that are trained at one rate, chosen by parts of their names.
 *
 * @param name for messages and reports, such as "flow"
 * @param including a weight belongs to the group if its name contains one of these; all do if the
 *     list is empty
 * @param excluding and none of these
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ParameterGroup(String name, List<String> including, List<String> excluding) {

  /**
   * Copies the lists.
   *
   * @param name for messages and reports
   * @param including parts of names
   * @param excluding parts of names
   */
  public ParameterGroup {
    including = List.copyOf(including);
    excluding = List.copyOf(excluding);
  }

  /**
   * Tells whether a weight belongs to the group.
   *
   * @param weight its name
   * @return true if it does
   */
  public boolean contains(String weight) {
    return (including.isEmpty() || including.stream().anyMatch(weight::contains))
        && excluding.stream().noneMatch(weight::contains);
  }
}
