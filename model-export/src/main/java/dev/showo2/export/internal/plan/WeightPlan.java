package dev.showo2.export.internal.plan;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.KeyCheck;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Sources of the weights of a bundle.
 *
 * @param files the weights of each file by its name
 * @param ignoredKeys keys of the checkpoints that no stage needs
 * @param weights what is written
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record WeightPlan(
    Map<String, List<PlannedWeight>> files, List<String> ignoredKeys, BundleWeights weights) {

  /**
   * @throws dev.showo2.error.InvalidModelException listing all keys that differ
   */
  public static WeightPlan of(ModelSource source, EncodingPlan encodings) {
    Architecture architecture = source.architecture();
    CheckpointWeights model = source.model();
    CheckpointWeights vae = source.vae();
    Map<String, Shape> modelKeys = ModelKeys.all(architecture);
    Map<String, Shape> vaeKeys = VaeKeys.of(architecture.vae());
    new KeyCheck()
        .compare("the model", model, modelKeys, secondNames(architecture))
        .compare("the VAE", vae, vaeKeys, Set.of())
        .requireNoDifference();

    BundleWeights weights = BundleWeights.of(architecture, encodings);
    Map<String, List<PlannedWeight>> files = new LinkedHashMap<>();
    weights
        .files()
        .forEach(
            (file, stored) ->
                files.put(
                    file,
                    switch (file) {
                      case BundleWeights.VAE_FILE -> whole(vae, stored);
                      case BundleWeights.VAE_IMAGE_FILE -> lastTimeSlices(vae, stored);
                      default -> transformed(model, stored);
                    }));
    return new WeightPlan(files, ignored(architecture, model, Optional.of(vae)), weights);
  }

  /** The VAE alone, in 32-bit floats. */
  public static WeightPlan fp32Vae(Architecture architecture, CheckpointWeights vae) {
    BundleWeights weights = BundleWeights.fp32Vae(architecture);
    Map<String, List<PlannedWeight>> files = new LinkedHashMap<>();
    weights
        .files()
        .forEach(
            (file, stored) ->
                files.put(
                    file,
                    file.equals(BundleWeights.VAE_FILE)
                        ? whole(vae, stored)
                        : lastTimeSlices(vae, stored)));
    return new WeightPlan(files, List.of(), weights);
  }

  private static List<PlannedWeight> whole(CheckpointWeights source, List<StoredWeight> stored) {
    return stored.stream()
        .map(weight -> new PlannedWeight(weight, source, UnaryOperator.identity()))
        .toList();
  }

  private static List<PlannedWeight> transformed(
      CheckpointWeights source, List<StoredWeight> stored) {
    return stored.stream()
        .map(
            weight ->
                new PlannedWeight(
                    weight, source, sink -> weight.transform().into(weight.shape(), sink)))
        .toList();
  }

  private static List<PlannedWeight> lastTimeSlices(
      CheckpointWeights vae, List<StoredWeight> stored) {
    return stored.stream()
        .map(
            weight ->
                new PlannedWeight(
                    weight, vae, sink -> new LastTimeSlice(vae.shape(weight.key()), sink)))
        .toList();
  }

  /**
   * The keys that no stage needs, in the order of the alphabet: those of the model, then those of
   * the VAE.
   */
  public static List<String> ignored(
      Architecture architecture, CheckpointWeights model, Optional<CheckpointWeights> vae) {
    TreeSet<String> ignored = keys(model);
    ignored.removeAll(ModelKeys.all(architecture).keySet());
    ignored.removeAll(secondNames(architecture));
    List<String> all = new ArrayList<>(ignored);
    if (vae.isPresent()) {
      TreeSet<String> ignoredVae = keys(vae.get());
      ignoredVae.removeAll(VaeKeys.of(architecture.vae()).keySet());
      all.addAll(ignoredVae);
    }
    return all;
  }

  private static TreeSet<String> keys(CheckpointWeights weights) {
    TreeSet<String> keys = new TreeSet<>(weights.names());
    keys.addAll(weights.unreadable().keySet());
    return keys;
  }

  /** The head of tied models is the embedding matrix once more; it is not left out. */
  private static Set<String> secondNames(Architecture architecture) {
    return architecture.backbone().tiedEmbeddings() ? Set.of(ModelKeys.LANGUAGE_HEAD) : Set.of();
  }

  /** Bytes of all weights together, as they will be written. */
  public long totalBytes() {
    return weights.totalBytes();
  }
}
