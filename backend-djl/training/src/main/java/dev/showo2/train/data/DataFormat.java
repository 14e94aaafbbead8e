package dev.showo2.train.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apiguardian.api.API;

/** The formats of files of examples. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum DataFormat {
  /** JSON lines, or a JSON array, of {@code path} and {@code prompt}: captioned images. */
  JSON_LINES,
  /** A JSON array, or JSON lines, of {@code conversations} and {@code image} as LLaVA has them. */
  CONVERSATIONS,
  /** A JSON array, or JSON lines, of {@code images} and {@code captions}: stories. */
  STORIES,
  /** JSON lines of {@code path} or {@code video}, and {@code prompt} or {@code caption}. */
  VIDEO_CAPTIONS,
  /** A folder of images or videos, each with its caption in a text file beside it. */
  FOLDER,
  /** A folder of images alone, for distillation. */
  IMAGES,
  /** Tar archives of images or videos and captions as WebDataset has them. */
  WEBDATASET;

  /**
   * Names the format in configurations.
   *
   * @return such as "json-lines"
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Opens a file or folder and finds its examples; images are read later.
   *
   * @param path a file or folder
   * @param root to which paths of images within it are relative; if null, the folder of the file,
   *     and where no such file exists there, the working directory
   * @return examples, to be closed by the caller
   * @throws dev.showo2.error.InvalidRequestException if there is no such file, it is of another
   *     format, or has no examples
   */
  public ExampleSource open(Path path, Path root) {
    Optional<Path> optionalRoot = Optional.ofNullable(root);
    return switch (this) {
      case FOLDER -> FolderExamples.open(path, true);
      case IMAGES -> FolderExamples.open(path, false);
      case WEBDATASET -> TarExamples.open(path);
      default -> JsonExamples.open(this, path, optionalRoot);
    };
  }
}
