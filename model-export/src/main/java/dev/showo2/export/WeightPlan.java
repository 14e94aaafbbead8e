package dev.showo2.export;

import dev.showo2.export.architecture.KeyCheck;
import dev.showo2.export.architecture.ModelKeys;
import dev.showo2.export.architecture.VaeKeys;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.export.graph.Keys;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which weights go into which file. Files follow the stages, so that a program which needs one task
 * may leave out what only others need.
 *
 * @param files the weights of each file by its name
 * @param ignoredKeys keys of the checkpoints that no stage needs
 */
record WeightPlan(Map<String, List<PlannedWeight>> files, List<String> ignoredKeys) {

  private static final String TEXT = "text.safetensors";
  private static final String BACKBONE = "backbone.safetensors";
  private static final String FUSION = "fusion.safetensors";
  private static final String FLOW_HEAD = "flow_head.safetensors";

  /** The files that hold the model without its autoencoder. */
  static final List<String> MODEL_FILES = List.of(TEXT, BACKBONE, FUSION, FLOW_HEAD);

  /** The file that holds the autoencoder. */
  static final String VAE_FILE = "vae.safetensors";

  /** Derived from {@link #VAE_FILE}. */
  private static final String VAE_IMAGE_FILE = "vae_image.safetensors";

  /**
   * @throws dev.showo2.error.InvalidModelException listing all keys that differ
   */
  static WeightPlan of(
      Architecture architecture, Weights model, Weights vae, EncodingPlan encodings) {
    Map<String, Map<String, Shape>> parts = new LinkedHashMap<>();
    parts.put(TEXT, ModelKeys.text(architecture));
    parts.put(BACKBONE, ModelKeys.backbone(architecture));
    parts.put(FUSION, ModelKeys.fusion(architecture));
    parts.put(FLOW_HEAD, ModelKeys.flowHead(architecture));
    Map<String, Shape> modelKeys = ModelKeys.all(architecture);
    Map<String, Shape> vaeKeys = VaeKeys.of(architecture.vae());
    new KeyCheck()
        .compare("the model", model, modelKeys, secondNames(architecture))
        .compare("the autoencoder", vae, vaeKeys, Set.of())
        .requireNoDifference();

    Map<String, List<PlannedWeight>> files = new LinkedHashMap<>();
    parts.forEach((file, keys) -> files.put(file, whole(model, keys, encodings)));
    files.putAll(autoencoder(vae, vaeKeys, encodings));
    return new WeightPlan(files, ignored(architecture, model, modelKeys, vae, vaeKeys));
  }

  /** The autoencoder alone, in 32-bit floats. */
  static WeightPlan exactAutoencoder(Architecture.Vae sizes, Weights vae) {
    return new WeightPlan(
        autoencoder(vae, VaeKeys.of(sizes), new EncodingPlan(Map.of())), List.of());
  }

  private static Map<String, List<PlannedWeight>> autoencoder(
      Weights vae, Map<String, Shape> keys, EncodingPlan encodings) {
    Map<String, List<PlannedWeight>> files = new LinkedHashMap<>();
    files.put(VAE_FILE, whole(vae, keys, encodings));
    files.put(VAE_IMAGE_FILE, imageKernels(vae, keys, encodings));
    return files;
  }

  private static List<PlannedWeight> whole(
      Weights source, Map<String, Shape> keys, EncodingPlan encodings) {
    return keys.entrySet().stream()
        .map(
            entry ->
                PlannedWeight.whole(
                    source, entry.getKey(), entry.getValue(), encodings.of(entry.getKey())))
        .toList();
  }

  private static List<PlannedWeight> imageKernels(
      Weights vae, Map<String, Shape> keys, EncodingPlan encodings) {
    List<PlannedWeight> kernels = new ArrayList<>();
    keys.forEach(
        (key, shape) -> {
          if (Keys.isCausalKernel(key, shape)) {
            kernels.add(
                new PlannedWeight(
                    Keys.imageKernel(key),
                    vae,
                    key,
                    LastTimeSlice.shape(shape),
                    sink -> new LastTimeSlice(shape, sink),
                    encodings.of(key)));
          }
        });
    return kernels;
  }

  private static List<String> ignored(
      Architecture architecture,
      Weights model,
      Map<String, Shape> modelKeys,
      Weights vae,
      Map<String, Shape> vaeKeys) {
    TreeSet<String> ignored = new TreeSet<>(model.names());
    ignored.removeAll(modelKeys.keySet());
    ignored.removeAll(secondNames(architecture));
    TreeSet<String> ignoredVae = new TreeSet<>(vae.names());
    ignoredVae.removeAll(vaeKeys.keySet());
    List<String> all = new ArrayList<>(ignored);
    all.addAll(ignoredVae);
    return all;
  }

  /** The head of tied models is the embedding matrix once more; it is not left out. */
  private static Set<String> secondNames(Architecture architecture) {
    return architecture.backbone().tiedEmbeddings() ? Set.of("showo.lm_head.weight") : Set.of();
  }

  /** Bytes of all weights together, as they will be written. */
  long totalBytes() {
    return bytes(files.keySet());
  }

  /** Bytes of the weights of one part. */
  long bytes(ModelPart part) {
    return bytes(
        switch (part) {
          case LANGUAGE_HEAD -> Set.of(TEXT);
          case BACKBONE -> Set.of(BACKBONE);
          case FUSION -> Set.of(FUSION);
          case FLOW_HEAD -> Set.of(FLOW_HEAD);
          case VAE -> Set.of(VAE_FILE, VAE_IMAGE_FILE);
        });
  }

  private long bytes(Set<String> names) {
    return names.stream()
        .flatMap(name -> files.get(name).stream())
        .mapToLong(PlannedWeight::byteLength)
        .sum();
  }
}
