package dev.showo2.export.inspect;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.checkpoint.HubCache;
import dev.showo2.export.internal.checkpoint.ModelFolder;
import dev.showo2.export.internal.lora.AdapterDescription;
import dev.showo2.export.internal.lora.AdapterFiles;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Says what a checkpoint, a LoRA adapter or a bundle is. Reads descriptions (headers, pickles, JSON
 * files and the tokenizer) and no weights, so it takes as long for a large model as for a small
 * one. Nothing that is read is executed. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Inspector {

  private Inspector() {}

  /**
   * Inspects the file or folder at a path.
   *
   * @param path the folder of a bundle, of a checkpoint, of a LoRA adapter, of a model in the cache
   *     of Hugging Face's hub, or of a step of the official training scripts; a weight file of any
   *     part, or the index of several
   * @return what was found
   * @throws dev.showo2.error.InvalidModelException if nothing is there, if it is damaged or
   *     incomplete, or if its files contradict each other, in the words of whoever would load it
   * @throws dev.showo2.error.BackendException if the native tokenizer library cannot be loaded
   * @throws dev.showo2.error.InsufficientMemoryException if the heap is too small
   */
  public static Inspection inspect(Path path) {
    return HeapLimit.guard("inspecting " + path, () -> inspectAny(path));
  }

  private static Inspection inspectAny(Path path) {
    Path found = ModelFolder.resolve(path);
    String name = HubCache.repository(path).orElseGet(() -> Folders.name(path));
    if (Files.isRegularFile(found.resolve(BundleManifest.FILE_NAME))) {
      return new BundleInspector(found).inspect();
    }
    return AdapterFiles.areIn(found)
        ? AdapterInspector.inspect(found, name)
        : new CheckpointInspector(found, name).inspect();
  }

  /**
   * Computes the hash of every file of a bundle, which reads all of it.
   *
   * @param bundle the inspected bundle
   * @return the files that have another hash than the manifest lists; empty if all are as they were
   *     exported
   * @throws dev.showo2.error.InvalidModelException if a file cannot be read
   */
  public static List<AlteredFile> altered(BundleInspection bundle) {
    return BundleInspector.altered(bundle);
  }

  /** Reads the descriptions of a LoRA adapter. */
  private static final class AdapterInspector {

    private AdapterInspector() {}

    static AdapterInspection inspect(Path folder, String name) {
      AdapterFiles files = AdapterFiles.in(folder);
      AdapterDescription description = AdapterDescription.read(files);
      try (CheckpointWeights weights = Checkpoints.open(files.weights())) {
        return new AdapterInspection(
            folder,
            name,
            Folders.files(folder),
            WeightCount.of("adapter", weights),
            description.baseModel(),
            description.rank(),
            description.alpha(),
            description.targets());
      }
    }
  }

  /** Reads the descriptions of a bundle. */
  private static final class BundleInspector {

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
          throw Interruptions.cancelledOr(
              e, () -> new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e));
        }
      }
      return altered;
    }
  }
}
