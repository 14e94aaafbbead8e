package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import org.apiguardian.api.API;

/** Compares tensors that are too large to be held in memory side by side. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TensorDigest {

  private TensorDigest() {}

  public static boolean same(CheckpointWeights weights, String first, String second) {
    if (weights.type(first) != weights.type(second)
        || !weights.shape(first).equals(weights.shape(second))) {
      return false;
    }
    return weights.sharedWith(first).equals(weights.sharedWith(second))
        || MessageDigest.isEqual(digest(weights, first), digest(weights, second));
  }

  private static byte[] digest(CheckpointWeights weights, String name) {
    MessageDigest digest = Sha256.newDigest();
    try {
      weights.read(name, digest::update);
    } catch (IOException e) {
      throw new UncheckedIOException("a digest does no input or output", e);
    }
    return digest.digest();
  }
}
