package dev.showo2.export.inspect;

import java.nio.file.Path;
import java.util.List;
import org.apiguardian.api.API;

/** Description of a model, adapter or bundle on disk. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Inspection
    permits BundleInspection, CheckpointInspection, AdapterInspection {

  /**
   * {@return the inspected path; of a hub's or a training step's folder the one in it that holds
   * the files}
   */
  Path path();

  /** {@return a name for people} */
  String name();

  /** {@return all files with their sizes, by name} */
  List<FileSize> files();

  /**
   * A file.
   *
   * @param name without its folder
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record FileSize(String name, long bytes) {}
}
