package dev.showo2.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A file of a bundle as the manifest describes it. Immutable and thread-safe.
 *
 * @param name plain file name within the bundle's directory
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BundleFile(String name, long size, String sha256) {

  /**
   * Describes a file; the values are not checked here, but where a manifest is read.
   *
   * @param name plain file name within the bundle's directory
   * @param size in bytes
   * @param sha256 64 lower-case hexadecimal digits
   */
  public BundleFile {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sha256, "sha256");
  }
}
