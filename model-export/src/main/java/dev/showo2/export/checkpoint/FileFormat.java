package dev.showo2.export.checkpoint;

import java.nio.ByteBuffer;

/** What a checkpoint file is, by its first bytes. */
enum FileFormat {
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
}
