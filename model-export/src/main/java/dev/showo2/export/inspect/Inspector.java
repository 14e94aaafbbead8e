package dev.showo2.export.inspect;

import dev.showo2.export.internal.checkpoint.HubCache;
import dev.showo2.export.internal.checkpoint.ModelFolder;
import dev.showo2.export.internal.lora.AdapterFiles;
import dev.showo2.model.BundleManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
   * Inspects what lies at a path.
   *
   * @param path the folder of a bundle, of a checkpoint, of a LoRA adapter, of a model in the cache
   *     of Hugging Face's hub, or of a step of the official training scripts; a weight file of any
   *     part, or the index of several
   * @return what was found
   * @throws dev.showo2.error.InvalidModelException if nothing is there, if it is damaged or
   *     incomplete, or if its files contradict each other, in the words of whoever would load it
   * @throws dev.showo2.error.BackendException if the native tokenizer library cannot be loaded
   */
  public static Inspection inspect(Path path) {
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
}
