package dev.showo2.export.inspect;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.model.internal.Sha256;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the descriptions of a bundle. */
final class BundleInspector {

  private static final String WEIGHTS = ".safetensors";

  private final Bundle bundle;
  private final BundleManifest manifest;

  BundleInspector(Path path) {
    bundle = Bundle.open(path, Integrity.SIZES);
    manifest = bundle.manifest();
  }

  BundleInspection inspect() {
    Architecture sizes = bundle.architecture();
    return new BundleInspection(
        bundle.directory(),
        manifest.name(),
        BundleManifest.FORMAT_VERSION,
        bundle.hash(),
        manifest.files(),
        manifest.graphs(),
        precisions(manifest),
        weights(),
        elements(ModelKeys.all(sizes)) + elements(VaeKeys.of(sizes.vae())),
        sizes,
        tokens(),
        MemoryEstimate.of(sizes, besideWeights()));
  }

  private static Map<Stage, Precision> precisions(BundleManifest manifest) {
    Map<Stage, Precision> precisions = new EnumMap<>(Stage.class);
    for (GraphFile graph : manifest.graphs()) {
      precisions.put(graph.stage(), manifest.precision().of(graph.stage()));
    }
    return precisions;
  }

  private List<WeightCount> weights() {
    List<WeightCount> counts = new ArrayList<>();
    for (BundleFile file : manifest.files()) {
      if (file.name().endsWith(WEIGHTS)) {
        try (CheckpointWeights weights =
            Checkpoints.open(bundle.directory().resolve(file.name()))) {
          counts.add(WeightCount.of(file.name(), weights));
        }
      }
    }
    return counts;
  }

  private static long elements(Map<String, Shape> keys) {
    return keys.values().stream().mapToLong(Shape::elementCount).sum();
  }

  private int tokens() {
    try (TextTokenizer tokenizer = TextTokenizer.load(bundle.tokenizer())) {
      return tokenizer.vocabularySize();
    }
  }

  private long besideWeights() {
    return manifest.files().stream()
        .filter(file -> !file.name().endsWith(WEIGHTS))
        .mapToLong(BundleFile::size)
        .sum();
  }

  static List<AlteredFile> altered(BundleInspection bundle) {
    List<AlteredFile> altered = new ArrayList<>();
    for (BundleFile file : bundle.listed()) {
      Path path = bundle.path().resolve(file.name());
      try {
        String found = Sha256.of(path);
        if (!found.equals(file.sha256())) {
          altered.add(new AlteredFile(file.name(), file.sha256(), found));
        }
      } catch (IOException e) {
        throw new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
      }
    }
    return altered;
  }
}
