package dev.showo2.train.checkpoint;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.DiskSpace;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.write.CheckpointFiles;
import dev.showo2.export.internal.write.CheckpointFiles.Shards;
import dev.showo2.export.internal.write.WeightFormat;
import dev.showo2.model.internal.PendingFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The parts of a checkpoint in the released layout.
 *
 * @param model its weights; those that share values follow one another
 * @param vae its weights
 * @param files content of all others by name
 */
record CheckpointOutput(CheckpointWeights model, CheckpointWeights vae, Map<String, byte[]> files) {

  /** The official code takes the VAE as one file in torch's format. */
  private static final String VAE = "Wan2.1_VAE.pth";

  /**
   * Writes the checkpoint, which appears at its path complete and in one moment; after a failure
   * nothing of it is left.
   *
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder
   * @throws IOException if it cannot be written, or there is too little space
   */
  void write(Path folder, ReleaseFormat format, long shardBytes, ExportListener listener)
      throws IOException {
    try (PendingFolder output = PendingFolder.create(folder)) {
      Shards modelShards = Shards.of(format::modelFile, model, shardBytes);
      Shards vaeShards = Shards.of(part -> VAE, vae, Long.MAX_VALUE);
      long total = modelShards.totalBytes() + vaeShards.totalBytes();
      DiskSpace.require(output.working(), "checkpoint", total);
      CheckpointFiles writer = new CheckpointFiles(output.working(), listener, total);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        writer.write(file.getKey(), file.getValue());
      }
      writer.write(modelShards, format.files(), model);
      if (modelShards.index().isPresent()) {
        writer.write(format.indexFile(), modelShards.index().get());
      }
      writer.write(vaeShards, WeightFormat.TORCH, vae);
      output.commit();
    } catch (IOException | ShowO2Exception e) {
      InterruptionCheck.checkCause(e);
      throw e;
    } catch (OutOfMemoryError e) {
      throw HeapLimit.exceeded("writing " + folder, e);
    }
  }
}
