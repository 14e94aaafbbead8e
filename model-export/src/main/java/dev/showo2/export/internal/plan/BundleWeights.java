package dev.showo2.export.internal.plan;

import dev.showo2.export.ModelPart;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.graph.GraphKeys;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Assignment of weights to the files of a bundle. Files follow the stages, so that a program which
 * needs one task may leave out what only others need.
 *
 * @param files the weights of each file by its name
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record BundleWeights(Map<String, List<StoredWeight>> files) {

  private static final String TEXT = "text.safetensors";
  private static final String BACKBONE = "backbone.safetensors";
  private static final String FUSION = "fusion.safetensors";
  private static final String FLOW_HEAD = "flow_head.safetensors";

  /** The files that hold the model without its VAE. */
  public static final List<String> MODEL_FILES = List.of(TEXT, BACKBONE, FUSION, FLOW_HEAD);

  /** The file that holds the VAE. */
  public static final String VAE_FILE = "vae.safetensors";

  /** Derived from {@link #VAE_FILE}: its kernels as they are for single images. */
  static final String VAE_IMAGE_FILE = "vae_image.safetensors";

  public BundleWeights {
    files = Collections.unmodifiableMap(files);
  }

  public static BundleWeights of(Architecture architecture, EncodingPlan encodings) {
    Map<String, List<StoredWeight>> files = new LinkedHashMap<>();
    files.put(TEXT, whole(ModelKeys.text(architecture), encodings));
    files.put(BACKBONE, whole(ModelKeys.backbone(architecture), encodings));
    files.put(FUSION, whole(ModelKeys.fusion(architecture), encodings));
    files.put(FLOW_HEAD, whole(ModelKeys.flowHead(architecture), encodings));
    files.putAll(vae(architecture, encodings));
    return new BundleWeights(files);
  }

  /** The VAE alone, in 32-bit floats. */
  public static BundleWeights fp32Vae(Architecture architecture) {
    return new BundleWeights(vae(architecture, new EncodingPlan(Map.of())));
  }

  private static Map<String, List<StoredWeight>> vae(
      Architecture architecture, EncodingPlan encodings) {
    Map<String, Shape> keys = VaeKeys.of(architecture.vae());
    Map<String, List<StoredWeight>> files = new LinkedHashMap<>();
    files.put(VAE_FILE, whole(keys, encodings));
    files.put(VAE_IMAGE_FILE, imageKernels(keys, encodings));
    return files;
  }

  private static List<StoredWeight> whole(Map<String, Shape> keys, EncodingPlan encodings) {
    List<StoredWeight> weights = new ArrayList<>();
    keys.forEach(
        (key, shape) ->
            weights.add(
                StoredWeight.whole(key, shape, encodings.of(key), encodings.transform(key))));
    return weights;
  }

  private static List<StoredWeight> imageKernels(Map<String, Shape> keys, EncodingPlan encodings) {
    List<StoredWeight> kernels = new ArrayList<>();
    keys.forEach(
        (key, shape) -> {
          if (GraphKeys.isCausalKernel(key, shape)) {
            kernels.add(
                new StoredWeight(
                    GraphKeys.imageKernel(key),
                    key,
                    LastTimeSlice.shape(shape),
                    encodings.of(key)));
          }
        });
    return kernels;
  }

  /** Bytes of all weights together, as they will be written. */
  public long totalBytes() {
    return bytes(files.keySet());
  }

  /** Bytes of the weights of one part. */
  public long bytes(ModelPart part) {
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
        .mapToLong(StoredWeight::byteLength)
        .sum();
  }
}
