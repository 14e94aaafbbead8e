package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Weight files of a folder that have other names than the usual ones: those of a variant, as {@code
 * save_pretrained(variant="bf16")} of diffusers and transformers writes them, and shards that lack
 * their index.
 *
 * @param first the first of the shards
 * @param paths all of them, by number
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ShardFiles(Path first, List<Path> paths) {

  private static final String STEM = "(diffusion_pytorch_model|pytorch_model|model)";

  /** Such as {@code bf16} and {@code non_ema}. */
  private static final String VARIANT = "\\.([A-Za-z0-9_-]+?)";

  private static final String END = "\\.(safetensors|bin)";

  private static final Pattern VARIANT_FILE =
      Pattern.compile(STEM + VARIANT + END + "|" + STEM + END + "\\.index" + VARIANT + "\\.json");

  private static final Pattern SHARD =
      Pattern.compile("([A-Za-z0-9._-]+?)-(\\d{5})-of-(\\d{5})((?:\\.[A-Za-z0-9_-]+)?" + END + ")");

  private static final int MAX_FILES = 10_000;
  private static final int MAX_LISTED = 20;

  public ShardFiles {
    paths = List.copyOf(paths);
  }

  /**
   * The weights of a folder, none of whose files has a usual name: a file, an index, or the first
   * of shards without one.
   *
   * @throws InvalidModelException if there are several such models, or shards that are not complete
   */
  public static Optional<Path> find(Path folder) {
    List<String> names = names(folder);
    TreeMap<String, String> variants = new TreeMap<>();
    TreeMap<String, String> shards = new TreeMap<>();
    for (String name : names) {
      Matcher shard = SHARD.matcher(name);
      Matcher variant = VARIANT_FILE.matcher(name);
      if (shard.matches()) {
        shards.putIfAbsent(shard.group(1) + "-of-" + shard.group(3) + shard.group(4), name);
      } else if (variant.matches()) {
        String id = variant.group(2) == null ? variant.group(6) : variant.group(2);
        variants.merge(id, name, ShardFiles::preferred);
      }
    }
    List<String> found = List.copyOf(variants.isEmpty() ? shards.values() : variants.values());
    if (found.size() > 1) {
      throw new InvalidModelException(
          folder
              + " holds several models: "
              + String.join(", ", found.subList(0, Math.min(MAX_LISTED, found.size())))
              + "; name the file that is meant");
    }
    return found.stream().findFirst().map(folder::resolve);
  }

  /** Safetensors before torch's format, as in {@code Checkpoints}. */
  private static String preferred(String first, String second) {
    return first.contains(".safetensors") || !second.contains(".safetensors") ? first : second;
  }

  /**
   * The shards that a file is the first of.
   *
   * @return empty if it is no first shard, or has an index beside it
   * @throws InvalidModelException naming those that are not there
   */
  public static Optional<ShardFiles> of(Path file) {
    Path name = file.getFileName();
    Matcher matcher = SHARD.matcher(name == null ? "" : name.toString());
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) < 2) {
      return Optional.empty();
    }
    Path folder = file.toAbsolutePath().getParent();
    List<String> names = names(folder);
    boolean first =
        names.stream()
            .filter(other -> isOfSameModel(matcher, other))
            .allMatch(other -> other.compareTo(name.toString()) >= 0);
    if (!first || names.stream().anyMatch(other -> other.matches(".*\\.index(\\..*)?\\.json"))) {
      return Optional.empty();
    }
    int count = Integer.parseInt(matcher.group(3));
    TreeSet<String> missing = new TreeSet<>();
    List<Path> paths = new ArrayList<>();
    for (int number : IntStream.rangeClosed(1, Math.min(count, MAX_FILES)).toArray()) {
      String shard =
          "%s-%05d-of-%s%s".formatted(matcher.group(1), number, matcher.group(3), matcher.group(4));
      paths.add(folder.resolve(shard));
      if (!names.contains(shard)) {
        missing.add(shard);
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidModelException(
          folder
              + " lacks "
              + missing.size()
              + " of the "
              + count
              + " shards of the model, such as "
              + missing.first()
              + "; get all of them, and their index if there is one");
    }
    return Optional.of(new ShardFiles(file, paths));
  }

  private static boolean isOfSameModel(Matcher shard, String name) {
    Matcher other = SHARD.matcher(name);
    return other.matches()
        && other.group(1).equals(shard.group(1))
        && other.group(3).equals(shard.group(3))
        && other.group(4).equals(shard.group(4));
  }

  /** Opens all shards as one model. */
  public CheckpointWeights open() {
    OpenedWeights opened = new OpenedWeights();
    try {
      List<CheckpointWeights> files = new ArrayList<>();
      for (Path path : paths) {
        files.add(opened.add(FileFormat.open(path)));
      }
      return JoinedWeights.of(first.toAbsolutePath().getParent(), files);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  /** The names of the files in a folder, sorted. */
  static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .limit(MAX_FILES)
          .filter(entry -> !Files.isDirectory(entry))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
