package dev.showo2.export;

import dev.showo2.export.internal.plan.BundleWeights;
import dev.showo2.export.internal.plan.EncodingPlan;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.support.PrecisionSpeed;
import dev.showo2.stage.Stage;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The precision of each part of a model to be exported.
 *
 * @param byPart parts that are not named are in fp32
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExportPrecision(Map<ModelPart, Precision> byPart) {

  /** All in 32-bit floats. */
  public static final ExportPrecision FP32 = new ExportPrecision(Map.of());

  private static final String AUTO = "auto";

  /** The backend that most programs run on the CPU. */
  private static final String ONNX = "onnx";

  /**
   * Makes an export precision and validates its components.
   *
   * @param byPart parts that are not named are in fp32
   * @throws IllegalArgumentException if a part cannot be exported in its precision
   */
  public ExportPrecision {
    Map<ModelPart, Precision> all = new EnumMap<>(ModelPart.class);
    for (ModelPart part : ModelPart.values()) {
      Precision precision = byPart.getOrDefault(part, Precision.FP32);
      if (!part.takes(precision)) {
        throw new IllegalArgumentException(
            "the part "
                + part.id()
                + " can be exported in "
                + part.precisions().stream().map(Precision::id).collect(Collectors.joining(", "))
                + "; found '"
                + precision.id()
                + "'");
      }
      all.put(part, precision);
    }
    byPart = Collections.unmodifiableMap(all);
  }

  /**
   * {@return all parts but the VAE, which stays in fp32} With int4 the language head and the
   * embedding are in int8, because their errors show in every token.
   *
   * @param precision the precision
   */
  public static ExportPrecision of(Precision precision) {
    return new ExportPrecision(withoutVae(precision));
  }

  /**
   * {@return the precision that draws images fastest on this machine's processor, among those that
   * are exact or nearly so; fp32 where the backend or the processor was not measured}
   *
   * @param backend id of the one that is to run the bundle
   */
  public static ExportPrecision fastest(String backend) {
    return of(PrecisionSpeed.here(backend).fastest());
  }

  private static Map<ModelPart, Precision> withoutVae(Precision precision) {
    Map<ModelPart, Precision> byPart = new EnumMap<>(ModelPart.class);
    for (ModelPart part : ModelPart.values()) {
      if (part != ModelPart.VAE) {
        byPart.put(part, part.takes(precision) ? precision : Precision.INT8);
      }
    }
    return byPart;
  }

  /**
   * As {@link #parse(String, String)}, for {@code backend-onnx}.
   *
   * @param text precisions, separated by commas
   * @return the precisions
   * @throws IllegalArgumentException if a part or precision is unknown, or they do not go together
   */
  public static ExportPrecision parse(String text) {
    return parse(text, ONNX);
  }

  /**
   * Reads what command lines say: a precision for {@link #of(Precision)} or {@code auto} for {@link
   * #fastest}, single parts such as {@code backbone=int8,vae=fp16}, or both, of which later ones
   * overrule earlier ones.
   *
   * @param text precisions, separated by commas
   * @param backend id of the one that is to run the bundle
   * @return the precisions
   * @throws IllegalArgumentException if a part or precision is unknown, or they do not go together
   */
  public static ExportPrecision parse(String text, String backend) {
    Map<ModelPart, Precision> byPart = new EnumMap<>(ModelPart.class);
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals < 0) {
        byPart.putAll(
            item.strip().equals(AUTO)
                ? withoutVae(PrecisionSpeed.here(backend).fastest())
                : withoutVae(precision(item.strip())));
      } else {
        byPart.put(
            part(item.substring(0, equals).strip()),
            Precision.of(item.substring(equals + 1).strip()));
      }
    }
    return new ExportPrecision(byPart);
  }

  private static Precision precision(String id) {
    try {
      return Precision.of(id);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; auto chooses one", e);
    }
  }

  private static ModelPart part(String id) {
    return Arrays.stream(ModelPart.values())
        .filter(part -> part.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a part is one of "
                        + Arrays.stream(ModelPart.values())
                            .map(ModelPart::id)
                            .collect(Collectors.joining(", "))
                        + "; found '"
                        + id
                        + "'"));
  }

  /**
   * {@return that of one part}
   *
   * @param part a part of the model
   */
  public Precision of(ModelPart part) {
    return byPart.get(part);
  }

  /**
   * {@return bytes of all weights in a bundle of this precision, with their scales; an export
   * writes the headers of the files beside them}
   *
   * @param architecture the sizes of the model
   */
  public long weightBytes(Architecture architecture) {
    return BundleWeights.of(architecture, EncodingPlan.of(architecture, this)).totalBytes();
  }

  /**
   * The precision of each stage, as the manifest of the bundle lists it.
   *
   * @return the precision of every stage's part
   */
  public StagePrecisions byStage() {
    Map<Stage, Precision> byStage = new EnumMap<>(Stage.class);
    byPart.forEach(
        (part, precision) -> part.stages().forEach(stage -> byStage.put(stage, precision)));
    return new StagePrecisions(byStage);
  }
}
