package dev.showo2.backend.tensorrt.internal.engines;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.backend.tensorrt.internal.device.ComputePrecision;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Profile;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Range;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.PlanRequest;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests as JSON: the same text for equal ones. */
final class RequestJson {

  private RequestJson() {}

  /** Writes a request for another process of this user on this machine. */
  static JsonObject write(String builder, PlanRequest request) {
    JsonObject json = new JsonObject();
    json.addProperty("builder", builder);
    json.addProperty("graph", request.spec().graph().toAbsolutePath().toString());
    json.add("engine", write(request.spec()));
    json.add("options", write(request.options()));
    json.addProperty("device", request.device());
    json.addProperty("timings", request.timings().toAbsolutePath().toString());
    json.addProperty("plan", request.plan().toAbsolutePath().toString());
    return json;
  }

  /** Writes all but the path of the graph. */
  static JsonObject write(EngineSpec spec) {
    JsonObject json = new JsonObject();
    JsonArray outputs = new JsonArray();
    spec.outputs().forEach(outputs::add);
    json.add("outputs", outputs);
    JsonArray profiles = new JsonArray();
    for (Profile profile : spec.profiles()) {
      JsonObject one = new JsonObject();
      one.add("shapes", write(profile.shapes()));
      one.add("values", write(profile.values()));
      profiles.add(one);
    }
    json.add("profiles", profiles);
    return json;
  }

  private static JsonObject write(Map<String, Range> ranges) {
    JsonObject json = new JsonObject();
    new TreeMap<>(ranges)
        .forEach(
            (name, range) -> {
              JsonObject one = new JsonObject();
              one.add("least", write(range.least()));
              one.add("typical", write(range.typical()));
              one.add("most", write(range.most()));
              json.add(name, one);
            });
    return json;
  }

  private static JsonArray write(Shape shape) {
    JsonArray sizes = new JsonArray();
    for (long size : shape.toArray()) {
      sizes.add(size);
    }
    return sizes;
  }

  static JsonObject write(BuildOptions options) {
    JsonObject json = new JsonObject();
    json.addProperty("optimizationLevel", options.optimizationLevel());
    json.addProperty("workspaceBytes", options.workspaceBytes());
    json.addProperty("weightStreaming", options.weightStreaming());
    json.addProperty("refittable", options.refittable());
    json.addProperty("compute", options.compute().name());
    json.addProperty("tf32", options.tf32());
    return json;
  }

  /**
   * Reads what {@link #write(String, PlanRequest)} has written, apart from the builder.
   *
   * @throws dev.showo2.error.InvalidModelException if a field is missing or of another type
   */
  static PlanRequest read(JsonFields json) {
    JsonFields engine = json.object("engine");
    List<Profile> profiles = new ArrayList<>();
    for (JsonFields profile : engine.objects("profiles")) {
      profiles.add(
          new Profile(readRanges(profile.object("shapes")), readRanges(profile.object("values"))));
    }
    JsonFields options = json.object("options");
    return new PlanRequest(
        new EngineSpec(Path.of(json.string("graph")), engine.strings("outputs"), profiles),
        new BuildOptions(
            options.integer("optimizationLevel", 0, Integer.MAX_VALUE),
            options.longInteger("workspaceBytes", 0, Long.MAX_VALUE),
            options.bool("weightStreaming"),
            options.bool("refittable"),
            compute(options),
            options.bool("tf32")),
        json.integer("device", 0, Integer.MAX_VALUE),
        Path.of(json.string("timings")),
        Path.of(json.string("plan")));
  }

  private static ComputePrecision compute(JsonFields options) {
    String name = options.string("compute");
    return Arrays.stream(ComputePrecision.values())
        .filter(precision -> precision.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> options.wrong("compute", "one of " + Arrays.toString(ComputePrecision.values())));
  }

  private static Map<String, Range> readRanges(JsonFields json) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (String name : json.names()) {
      JsonFields range = json.object(name);
      ranges.put(
          name,
          new Range(
              Shape.of(range.longs("least")),
              Shape.of(range.longs("typical")),
              Shape.of(range.longs("most"))));
    }
    return ranges;
  }
}
