package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.CheckpointFile;
import dev.showo2.export.internal.torch.TorchWeights;
import dev.showo2.model.SafetensorsFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apiguardian.api.API;

/** Format of a checkpoint file, recognized by its first bytes. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum FileFormat {
  TORCH_ZIP,
  TORCH_LEGACY,
  SAFETENSORS,
  UNKNOWN;

  private static final int ZIP_SIGNATURE = 0x04034b50;

  /** A pickle of the integer that torch called its magic number. */
  private static final long LEGACY_START = 0x469cfc6c0a8a0280L;

  static FileFormat of(CheckpointFile file) {
    ByteBuffer start = file.read(0, (int) Math.min(16, file.size()));
    if (start.remaining() >= 4 && start.getInt(0) == ZIP_SIGNATURE) {
      return TORCH_ZIP;
    }
    if (start.remaining() >= 8 && start.getLong(0) == LEGACY_START) {
      return TORCH_LEGACY;
    }
    return start.remaining() > 8 && start.get(8) == '{' ? SAFETENSORS : UNKNOWN;
  }

  /** Opens a single file, recognized by its contents. */
  public static CheckpointWeights open(Path path) {
    CheckpointFile file = CheckpointFile.open(path);
    try {
      switch (of(file)) {
        case TORCH_ZIP -> {
          return new TorchWeights(file);
        }
        case SAFETENSORS -> {
          file.close();
          return new SafetensorsWeights(SafetensorsFile.open(path));
        }
        case TORCH_LEGACY ->
            throw new InvalidModelException(
                path
                    + " is in the torch format from before 1.6 (it starts with 80 02 8a 0a 6c fc 9c"
                    + " 46 instead of 'PK'), which is not read; save it again in the zip format"
                    + " with torch.save(state_dict, file) of a current torch");
        default ->
            throw new InvalidModelException(
                path
                    + " is neither a torch checkpoint in the zip format (starts with 'PK') nor a"
                    + " safetensors file; was it downloaded completely?");
      }
    } catch (RuntimeException | Error e) {
      closeAfter(file, e);
      throw e;
    }
  }

  private static void closeAfter(CheckpointFile file, Throwable failure) {
    try {
      file.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
