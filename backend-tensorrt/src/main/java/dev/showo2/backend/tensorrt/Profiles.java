package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.GraphSignature.Dimension;
import dev.showo2.backend.tensorrt.TensorRtOptions.Limits;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Profile;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Range;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The shapes that the engine of each stage is built for. Sizes that vary have names in the graphs;
 * a profile is a range for each name. Narrow profiles come first, so that a call takes the one that
 * is tuned for its size.
 */
final class Profiles {

  /** Caches grow by as many positions, so that shapes repeat. */
  static final int CACHE_STEP = 64;

  /** Inputs from which shapes are computed. */
  private static final Set<String> SHAPE_INPUTS =
      Set.of("rows", "columns", "new_rows", "new_columns");

  /** Image sizes that the released models draw, in pixels. */
  private static final List<Integer> IMAGE_SIZES = List.of(432, 512, 1024);

  private static final int PROMPT = 512;
  private static final int FRAMES = 64;
  private static final int TYPICAL_PREFIX = 256;

  private final Architecture architecture;
  private final Limits limits;
  private final int videoFrames;

  /**
   * @param videoFrames latent frames of a video that the model makes
   */
  Profiles(Architecture architecture, Limits limits, int videoFrames) {
    this.architecture = architecture;
    this.limits = limits;
    this.videoFrames = videoFrames;
  }

  /** The bounds of a size that has a name. */
  private record Bounds(long least, long typical, long most) {

    Bounds {
      typical = Math.max(least, Math.min(typical, most));
      most = Math.max(least, most);
    }
  }

  /**
   * @param given ranges of inputs that depend on another engine, for each profile
   */
  List<Profile> of(Stage stage, GraphSignature graph, List<Map<String, Range>> given) {
    List<Profile> profiles = new ArrayList<>();
    for (Map<String, Bounds> bounds : bounds(stage)) {
      Map<String, Range> extra = given.isEmpty() ? Map.of() : given.get(profiles.size());
      profiles.add(profile(stage, graph, bounds, extra));
    }
    return profiles;
  }

  private static Profile profile(
      Stage stage, GraphSignature graph, Map<String, Bounds> bounds, Map<String, Range> given) {
    Map<String, Range> shapes = new LinkedHashMap<>();
    Map<String, Range> values = new LinkedHashMap<>();
    graph
        .inputs()
        .forEach(
            (name, dimensions) -> {
              if (SHAPE_INPUTS.contains(name)) {
                values.put(name, range(stage, List.of(new Dimension(name, 0)), bounds));
              } else {
                shapes.put(
                    name,
                    given.containsKey(name) ? given.get(name) : range(stage, dimensions, bounds));
              }
            });
    return new Profile(shapes, values);
  }

  private static Range range(Stage stage, List<Dimension> dimensions, Map<String, Bounds> bounds) {
    int rank = dimensions.size();
    long[] least = new long[rank];
    long[] typical = new long[rank];
    long[] most = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      Dimension dimension = dimensions.get(axis);
      Bounds size =
          dimension.varies()
              ? bounds.get(dimension.name())
              : new Bounds(dimension.size(), dimension.size(), dimension.size());
      if (size == null) {
        throw new InvalidModelException(
            "the graph of stage "
                + stage.id()
                + " has a size named "
                + dimension.name()
                + ", which this version does not know; export the checkpoint again");
      }
      least[axis] = size.least();
      typical[axis] = size.typical();
      most[axis] = size.most();
    }
    return new Range(Shape.of(least), Shape.of(typical), Shape.of(most));
  }

  /** The ranges of names, one map for each profile. */
  private List<Map<String, Bounds>> bounds(Stage stage) {
    return switch (stage) {
      case TEXT_EMBEDDING ->
          throw new IllegalArgumentException("the embedding of text has no engine");
      case TIME_EMBEDDING -> List.of(all(Map.of()));
      case LANGUAGE_HEAD ->
          List.of(
              all(
                  Map.of(
                      "sequence", new Bounds(1, 1, segment()),
                      "chosen", new Bounds(1, 1, segment()))));
      case BACKBONE, FLOW_HEAD -> segments().stream().map(this::segment).toList();
      case FUSION ->
          images(Architecture.VAE_SPATIAL_FACTOR, architecture.patchSize(), "height", "width");
      case FUSION_RESIZE -> List.of(resizing());
      case VAE_IMAGE_ENCODER, VAE_VIDEO_ENCODER ->
          images(1, Architecture.VAE_SPATIAL_FACTOR, "pixel_height", "pixel_width");
      case VAE_IMAGE_DECODER, VAE_VIDEO_DECODER ->
          images(Architecture.VAE_SPATIAL_FACTOR, 1, "height", "width");
    };
  }

  private Map<String, Bounds> all(Map<String, Bounds> own) {
    Map<String, Bounds> bounds = new HashMap<>(own);
    bounds.put("batch", new Bounds(1, 1, limits.batch()));
    return bounds;
  }

  /** The sides that images are drawn with, in pixels, up to the largest. */
  private Collection<Integer> imageSizes() {
    Set<Integer> sizes = new TreeSet<>();
    sizes.add(Math.min(limits.image(), modelSize()));
    IMAGE_SIZES.stream()
        .filter(size -> size > modelSize() && size < limits.image())
        .forEach(sizes::add);
    sizes.add(limits.image());
    return sizes;
  }

  private int modelSize() {
    return Math.max(architecture.imageGrid().rows(), architecture.imageGrid().columns())
        * architecture.pixelsPerToken();
  }

  /**
   * @param factor pixels of each position
   * @param least positions along a side
   */
  private List<Map<String, Bounds>> images(int factor, int least, String height, String width) {
    List<Map<String, Bounds>> profiles = new ArrayList<>();
    for (int size : imageSizes()) {
      int most = (size + factor - 1) / factor;
      Bounds side = new Bounds(least, most, most);
      profiles.add(all(Map.of(height, side, width, side, "frames", new Bounds(1, 1, FRAMES))));
    }
    return profiles;
  }

  private Map<String, Bounds> resizing() {
    long side =
        (limits.image() + architecture.pixelsPerToken() - 1) / architecture.pixelsPerToken();
    Bounds sides = new Bounds(1, architecture.videoGrid().rows(), side);
    return all(
        Map.of(
            "tokens", new Bounds(1, architecture.imageGrid().tokens(), side * side * FRAMES),
            "rows", sides,
            "columns", sides,
            "new_rows", sides,
            "new_columns", sides));
  }

  /** Most tokens of a call, for each profile: one word, a prompt, both branches of images. */
  private Collection<Integer> segments() {
    Set<Integer> lengths = new TreeSet<>(List.of(1, PROMPT));
    for (int size : imageSizes()) {
      int side = (size + architecture.pixelsPerToken() - 1) / architecture.pixelsPerToken();
      lengths.add(2 * (side * side + 1));
    }
    lengths.add(2 * (videoFrames * architecture.videoGrid().tokens() + 1));
    if (limits.segment() > 0) {
      lengths.removeIf(length -> length > limits.segment());
      lengths.add(limits.segment());
    }
    return lengths;
  }

  private int segment() {
    return segments().stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  private Map<String, Bounds> segment(int most) {
    // Images are drawn with both branches in one call, or with one.
    int typical = most == 1 ? 1 : most / 2;
    long prefix = (long) (limits.prefix() + CACHE_STEP - 1) / CACHE_STEP * CACHE_STEP;
    return all(
        Map.of(
            "sequence", new Bounds(1, typical, most),
            "past", new Bounds(1, TYPICAL_PREFIX, 2 * prefix),
            "mask_rows", new Bounds(1, typical, most),
            "mask_columns", new Bounds(1, TYPICAL_PREFIX + typical, 2 * prefix + most)));
  }
}
