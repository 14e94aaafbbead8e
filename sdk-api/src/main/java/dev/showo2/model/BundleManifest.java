package dev.showo2.model;

import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.StrictJson;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The manifest of a bundle: the content of {@code showo2.json}. Immutable and thread-safe.
 *
 * @param name of the model, for display
 * @param precision of the weights, stage by stage
 * @param architecture the sizes of the model
 * @param specialTokens ids that structure sequences
 * @param defaults values for settings that requests leave open
 * @param files every file of the bundle but the manifest itself
 * @param graphs the ONNX graphs among them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BundleManifest(
    String name,
    StagePrecisions precision,
    Architecture architecture,
    SpecialTokens specialTokens,
    GenerationDefaults defaults,
    List<BundleFile> files,
    List<GraphFile> graphs) {

  /** The version of the bundle format that this SDK reads and writes. */
  public static final int FORMAT_VERSION = 2;

  /** The manifest's file name. */
  public static final String FILE_NAME = "showo2.json";

  /**
   * Copies the lists; a list may not hold null.
   *
   * @param name of the model, for display
   * @param precision of the weights, stage by stage
   * @param architecture the sizes of the model
   * @param specialTokens ids that structure sequences
   * @param defaults values for settings that requests leave open
   * @param files every file of the bundle but the manifest itself
   * @param graphs the ONNX graphs among them
   */
  public BundleManifest {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(specialTokens, "specialTokens");
    Objects.requireNonNull(defaults, "defaults");
    files = List.copyOf(files);
    graphs = List.copyOf(graphs);
  }

  /**
   * Reads a manifest.
   *
   * @param json the text of {@code showo2.json}
   * @param origin where the text comes from, for messages
   * @return the manifest
   * @throws dev.showo2.error.InvalidModelException if the version is unknown or a field is missing
   *     or out of its range
   */
  public static BundleManifest parse(String json, String origin) {
    return ManifestJson.read(JsonFields.parse(json, origin));
  }

  /** Reads a manifest from UTF-8; errors as {@link #parse(String, String)}. */
  static BundleManifest parse(ByteBuffer utf8, String origin) {
    return ManifestJson.read(JsonFields.of(StrictJson.parseObject(utf8, origin), origin));
  }

  /** {@return the text of {@code showo2.json}, the same for equal manifests} */
  public String toJson() {
    return ManifestJson.write(this);
  }
}
