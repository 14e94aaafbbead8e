package dev.showo2.export;

import dev.showo2.export.internal.onnx.WeightLocation;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.plan.BundleWeights;
import dev.showo2.export.internal.plan.EncodingPlan;
import dev.showo2.export.internal.plan.StoredWeight;
import dev.showo2.model.Architecture;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The layout of the weights of a model of any size, without values. */
final class BundleOnPaper implements WeightLocations {

  private final Map<String, WeightLocation> locations = new HashMap<>();
  private final Map<String, Long> fileSizes = new LinkedHashMap<>();

  BundleOnPaper(Architecture architecture, ExportPrecision precision) {
    BundleWeights.of(architecture, EncodingPlan.of(architecture, precision))
        .files()
        .forEach(
            (file, weights) -> {
              for (StoredWeight weight : weights) {
                weight.declarations().forEach(declaration -> add(file, declaration));
              }
            });
  }

  private void add(String file, TensorDeclaration declaration) {
    long offset = fileSizes.getOrDefault(file, 0L);
    long length = declaration.byteLength();
    locations.put(
        declaration.name(),
        new WeightLocation(file, declaration.type(), declaration.shape(), offset, length));
    fileSizes.put(file, offset + length);
  }

  @Override
  public Optional<WeightLocation> find(String key) {
    return Optional.ofNullable(locations.get(key));
  }

  /** Files without a byte: the checker asks only whether they are there. */
  void writeEmptyFiles(Path folder) throws IOException {
    for (String file : fileSizes.keySet()) {
      Files.createFile(folder.resolve(file));
    }
  }
}
