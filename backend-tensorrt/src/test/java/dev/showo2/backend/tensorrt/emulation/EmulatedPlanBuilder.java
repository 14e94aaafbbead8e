package dev.showo2.backend.tensorrt.emulation;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.gson.Gson;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.BackendException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Plans that hold the graph, its weights and the profiles, as TensorRT's plans do. */
public final class EmulatedPlanBuilder implements PlanBuilder {

  static final String GRAPH = "graph.onnx";
  static final String PROFILES = "profiles.json";

  /** For the process that builds. */
  public EmulatedPlanBuilder() {}

  /**
   * The parts of a plan beside graph and weights, as JSON.
   *
   * @param outputs of the engine
   * @param profiles for each, least and most of each shape, by input
   */
  record Contents(List<String> outputs, List<Map<String, List<long[]>>> profiles) {}

  @Override
  public void build(PlanRequest request, Consumer<String> progress) throws IOException {
    Path graph = request.spec().graph();
    progress.accept("packing " + graph.getFileName());
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(graph));
    Set<String> files = weightFiles(model);
    try (OutputStream file = Files.newOutputStream(request.plan());
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(0);
      put(zip, GRAPH, Bf16Graphs.runnable(request.options().compute().apply(model)).toByteArray());
      put(zip, PROFILES, new Gson().toJson(contents(request)).getBytes(StandardCharsets.UTF_8));
      for (String name : files) {
        put(zip, name, Files.readAllBytes(graph.resolveSibling(name)));
      }
    }
  }

  static Set<String> weightFiles(ModelProto model) {
    Set<String> files = new LinkedHashSet<>();
    for (TensorProto weight : model.getGraph().getInitializerList()) {
      for (StringStringEntryProto entry : weight.getExternalDataList()) {
        if (entry.getKey().equals("location")) {
          files.add(entry.getValue());
        }
      }
    }
    return files;
  }

  private static Contents contents(PlanRequest request) {
    List<Map<String, List<long[]>>> profiles = new ArrayList<>();
    request
        .spec()
        .profiles()
        .forEach(
            profile -> {
              Map<String, List<long[]>> ranges = new LinkedHashMap<>();
              profile
                  .shapes()
                  .forEach(
                      (name, range) -> {
                        if (!range.contains(range.typical()) || range.least().elementCount() == 0) {
                          throw new BackendException("no optimization profile: " + range);
                        }
                        ranges.put(name, List.of(range.least().toArray(), range.most().toArray()));
                      });
              profile
                  .values()
                  .forEach(
                      (name, range) ->
                          ranges.put(
                              name, List.of(range.least().toArray(), range.most().toArray())));
              profiles.add(ranges);
            });
    return new Contents(request.spec().outputs(), profiles);
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }
}
