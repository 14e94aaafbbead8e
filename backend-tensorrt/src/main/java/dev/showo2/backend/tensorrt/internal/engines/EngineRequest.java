package dev.showo2.backend.tensorrt.internal.engines;

import com.google.gson.JsonObject;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.model.internal.Sha256;
import dev.showo2.natives.internal.Seal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * An engine that is wanted.
 *
 * @param device index of the GPU, from 0; the plan suits all that have the same platform
 * @param platform of the GPU, as {@link
 *     dev.showo2.backend.tensorrt.internal.device.EngineRunner#platform()} tells it
 * @param builder has a public constructor without parameters
 * @param hashes SHA-256 of the graph and of the files with its weights, by their names, as the
 *     bundle's manifest has them; the files are beside the graph
 * @param classPath of the process that builds; empty to have it derived from this one's
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record EngineRequest(
    EngineSpec spec,
    BuildOptions options,
    int device,
    String platform,
    Class<? extends PlanBuilder> builder,
    Map<String, String> hashes,
    Optional<String> classPath) {

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if the hash of the graph is missing
   */
  public EngineRequest {
    hashes = Map.copyOf(hashes);
    String graph = spec.graph().getFileName().toString();
    if (!hashes.containsKey(graph)) {
      throw new IllegalArgumentException(
          "the hash of " + graph + " was expected, found those of " + hashes.keySet());
    }
  }

  /** The name of the graph's file. */
  String graph() {
    return spec.graph().getFileName().toString();
  }

  /** Hashes all that the plan depends on. Where files are located and the device are no part. */
  String key() {
    JsonObject all = new JsonObject();
    all.addProperty("format", Seal.FORMAT);
    all.addProperty("platform", platform);
    all.addProperty("builder", builder.getName());
    all.addProperty("graph", graph());
    all.add("engine", RequestJson.write(spec));
    all.add("options", RequestJson.write(options));
    JsonObject files = new JsonObject();
    new TreeMap<>(hashes).forEach(files::addProperty);
    all.add("files", files);
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
