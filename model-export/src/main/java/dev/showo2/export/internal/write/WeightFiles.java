package dev.showo2.export.internal.write;

import dev.showo2.export.ExportListener;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.onnx.WeightLocation;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.plan.PlannedWeight;
import dev.showo2.export.internal.plan.WeightPlan;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import dev.showo2.model.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the weight files of a bundle and remembers where each weight is stored. */
final class WeightFiles implements WeightLocations {

  private final Path folder;
  private final ExportListener listener;
  private final Map<String, WeightLocation> locations = new HashMap<>();
  private long written;

  WeightFiles(Path folder, ExportListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  List<BundleFile> write(WeightPlan plan) throws IOException {
    long total = plan.totalBytes();
    List<BundleFile> files = new ArrayList<>();
    try (WritingThread thread = new WritingThread()) {
      for (Map.Entry<String, List<PlannedWeight>> file : plan.files().entrySet()) {
        listener.phase("writing " + file.getKey());
        files.add(write(file.getKey(), file.getValue(), thread, total));
      }
    }
    return files;
  }

  private BundleFile write(
      String file, List<PlannedWeight> weights, WritingThread thread, long total)
      throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            folder.resolve(file),
            weights.stream().flatMap(weight -> weight.stored().declarations().stream()).toList(),
            Map.of())) {
      for (PlannedWeight weight : weights) {
        weight.writeTo(
            (name, source) -> writer.write(name, thread.writing(watched(source, total))));
      }
      writer.layout().values().forEach(info -> remember(file, info));
      return writer.finish();
    }
  }

  private TensorSource watched(TensorSource source, long total) {
    return sink ->
        source.writeTo(
            chunk -> {
              InterruptionCheck.check();
              written += chunk.remaining();
              sink.accept(chunk);
              listener.progress(written, total);
            });
  }

  private void remember(String file, TensorInfo info) {
    WeightLocation location =
        new WeightLocation(file, info.type(), info.shape(), info.offset(), info.byteLength());
    if (locations.put(info.name(), location) != null) {
      throw new IllegalStateException("two weights of the bundle are named '" + info.name() + "'");
    }
  }

  @Override
  public Optional<WeightLocation> find(String key) {
    return Optional.ofNullable(locations.get(key));
  }
}
