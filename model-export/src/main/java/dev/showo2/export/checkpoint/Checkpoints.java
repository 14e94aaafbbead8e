package dev.showo2.export.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.export.internal.checkpoint.FileFormat;
import dev.showo2.export.internal.checkpoint.PartFile;
import dev.showo2.export.internal.checkpoint.ShardFiles;
import dev.showo2.export.internal.checkpoint.ShardedWeights;
import dev.showo2.export.internal.checkpoint.TrainingFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Opens checkpoints: a torch file in the zip format, a safetensors file, or the index of several.
 * Nothing in them is executed.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Checkpoints {

  private static final String INDEX_SUFFIX = ".index.json";

  /** Also of a variant, such as {@code .index.bf16.json}. */
  private static final Pattern INDEX = Pattern.compile(".*\\.index(\\.[A-Za-z0-9_-]+)?\\.json");

  /**
   * What a folder is searched for: safetensors first, as Hugging Face's loaders do it. The official
   * code names files {@code pytorch_model} and, because it takes the name from diffusers, their
   * index {@code diffusion_pytorch_model}.
   */
  private static final List<String> FILE_NAMES =
      Stream.of(
              "model.safetensors",
              "pytorch_model.safetensors",
              "diffusion_pytorch_model.safetensors",
              "pytorch_model.bin",
              "diffusion_pytorch_model.bin")
          .flatMap(name -> Stream.of(name, name + INDEX_SUFFIX))
          .toList();

  private Checkpoints() {}

  /**
   * Opens a checkpoint. A file is recognized by its contents, an index by its name; in a folder the
   * first of {@link #fileNames} is opened.
   *
   * @param path a checkpoint file, an {@code *.index.json} or a folder
   * @return the weights; the caller closes them
   * @throws InvalidModelException if nothing is there, or if it is damaged, inconsistent, in the
   *     torch format from before 2020, or would need code to be executed
   * @throws dev.showo2.error.InsufficientMemoryException if the heap is too small
   */
  public static CheckpointWeights open(Path path) {
    return HeapLimit.guard("opening " + path, () -> openAny(path));
  }

  private static CheckpointWeights openAny(Path path) {
    if (!Files.isDirectory(path)) {
      return INDEX.matcher(path.toString()).matches()
          ? ShardedWeights.open(path)
          : ShardFiles.of(path).map(ShardFiles::open).orElseGet(() -> FileFormat.open(path));
    }
    return open(
        find(path)
            .orElseThrow(
                () ->
                    new InvalidModelException(
                        "no checkpoint in "
                            + path
                            + TrainingFolder.sharded(path)
                                .map(found -> " that can be read: " + found)
                                .orElseGet(
                                    () -> "; one of these is expected: " + expected(path)))));
  }

  /**
   * {@return the files that {@link #open} reads weights from: the file itself, or all shards}
   *
   * @param path a checkpoint file or an {@code *.index.json}
   * @throws InvalidModelException if an index is damaged, or shards are missing
   */
  public static List<Path> files(Path path) {
    return INDEX.matcher(path.toString()).matches()
        ? ShardedWeights.files(path)
        : ShardFiles.of(path).map(ShardFiles::paths).orElse(List.of(path));
  }

  private static String expected(Path folder) {
    return String.join(", ", FILE_NAMES)
        + TrainingFolder.explain(folder).map(found -> "; " + found).orElse("");
  }

  /**
   * What {@link #open} opens in a folder: the first of {@link #fileNames}, else the file or index
   * of a variant (such as {@code model.bf16.safetensors}), else the first of shards without an
   * index, which stands for all of them. Where there are only links without a target, the first of
   * them, so that opening it says so.
   *
   * @param folder the folder
   * @return the file, or empty if there is none
   * @throws InvalidModelException if there are several variants or models
   */
  public static Optional<Path> find(Path folder) {
    return PartFile.first(folder, FILE_NAMES)
        .or(
            () ->
                Files.isDirectory(folder) && TrainingFolder.sharded(folder).isEmpty()
                    ? ShardFiles.find(folder)
                    : Optional.empty());
  }

  /**
   * {@return the names of which a checkpoint's folder must hold one, the preferred first: {@code
   * model.safetensors}, {@code pytorch_model.safetensors}, {@code
   * diffusion_pytorch_model.safetensors}, {@code pytorch_model.bin}, {@code
   * diffusion_pytorch_model.bin}, each followed by its index}
   */
  public static List<String> fileNames() {
    return FILE_NAMES;
  }
}
