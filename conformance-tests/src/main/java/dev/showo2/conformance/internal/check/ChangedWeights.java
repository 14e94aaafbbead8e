package dev.showo2.conformance.internal.check;

import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Overwrites single weights of a bundle, so that a model goes where random weights never do. */
final class ChangedWeights {

  private ChangedWeights() {}

  /**
   * Overwrites a weight and opens the bundle.
   *
   * @param copy whose files may be written to
   * @param key of a weight in 32-bit floats
   */
  static Bundle overwrite(BundleCopy copy, String key, float[] values) throws IOException {
    Path text = copy.path().resolve(BundleManifest.FILE_NAME);
    BundleManifest manifest = BundleManifest.parse(Files.readString(text), text.toString());
    List<BundleFile> files = new ArrayList<>();
    for (BundleFile file : manifest.files()) {
      Path path = copy.path().resolve(file.name());
      boolean changed = file.name().endsWith(".safetensors") && overwrite(path, key, values);
      files.add(changed ? new BundleFile(file.name(), file.size(), Sha256.of(path)) : file);
    }
    if (files.equals(manifest.files())) {
      throw new IllegalArgumentException("no file of the bundle has the weight " + key);
    }
    Files.writeString(text, with(manifest, files).toJson());
    return Bundle.open(copy.path());
  }

  private static boolean overwrite(Path path, String key, float[] values) throws IOException {
    TensorInfo weight;
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      weight = file.tensors().get(key);
    }
    if (weight == null) {
      return false;
    }
    if (weight.type() != ElementType.FLOAT32 || weight.shape().elementCount() != values.length) {
      throw new IllegalArgumentException(
          values.length + " 32-bit floats cannot replace " + key + ", which is " + weight);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(bytes, weight.offset());
    }
    return true;
  }

  private static BundleManifest with(BundleManifest manifest, List<BundleFile> files) {
    return new BundleManifest(
        manifest.name(),
        manifest.precision(),
        manifest.architecture(),
        manifest.specialTokens(),
        manifest.defaults(),
        files,
        manifest.graphs());
  }
}
