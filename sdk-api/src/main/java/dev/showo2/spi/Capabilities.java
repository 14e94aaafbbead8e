package dev.showo2.spi;

import dev.showo2.stage.Stage;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * What an open backend can do with its bundle.
 *
 * @param stages the stages it offers; asking for any other throws {@link
 *     dev.showo2.error.UnsupportedFeatureException}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Capabilities(Set<Stage> stages) {

  public Capabilities {
    stages = stages.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(stages));
  }

  public boolean supports(Stage stage) {
    return stages.contains(stage);
  }
}
