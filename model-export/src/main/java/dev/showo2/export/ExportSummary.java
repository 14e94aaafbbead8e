package dev.showo2.export;

import dev.showo2.model.BundleFile;
import dev.showo2.stage.Stage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Result of an export.
 *
 * @param files all files with size and hash, the manifest included
 * @param parts size and error of each part of the model
 * @param unquantizedLayers layers left in fp32 though another precision was asked for
 * @param mitigatedLayers layers that are quantized because their inputs were made more even
 * @param checkedBy the backend on which every stage was run afterwards; empty if none was found
 * @param checkedStages the stages that ran there and gave the right shapes and finite values; those
 *     that the backend does not offer are not among them
 * @param ignoredKeys keys of the checkpoints that no stage needs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExportSummary(
    Path bundle,
    List<BundleFile> files,
    List<PartSummary> parts,
    List<UnquantizedLayer> unquantizedLayers,
    List<MitigatedLayer> mitigatedLayers,
    Optional<String> checkedBy,
    Set<Stage> checkedStages,
    List<String> ignoredKeys) {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param files all files with size and hash, the manifest included
   * @param parts size and error of each part of the model
   * @param unquantizedLayers layers left in fp32 though another precision was asked for
   * @param mitigatedLayers layers that are quantized because their inputs were made more even
   * @param checkedBy the backend on which every stage was run afterwards; empty if none was found
   * @param checkedStages the stages that ran there and gave the right shapes and finite values;
   *     those that the backend does not offer are not among them
   * @param ignoredKeys keys of the checkpoints that no stage needs
   * @param bundle the folder of the bundle
   */
  public ExportSummary {
    files = List.copyOf(files);
    parts = List.copyOf(parts);
    unquantizedLayers = List.copyOf(unquantizedLayers);
    mitigatedLayers = List.copyOf(mitigatedLayers);
    checkedStages =
        checkedStages.isEmpty()
            ? Set.of()
            : Collections.unmodifiableSet(EnumSet.copyOf(checkedStages));
    ignoredKeys = List.copyOf(ignoredKeys);
  }

  /**
   * Bytes of all files together.
   *
   * @return the size of all files in bytes
   */
  public long totalBytes() {
    return files.stream().mapToLong(BundleFile::size).sum();
  }
}
