package dev.showo2.export;

import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apiguardian.api.API;

/** A part of a model that is exported in a precision of its own. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ModelPart {
  /** The embedding matrix too, which is the head's own matrix in tied models. */
  LANGUAGE_HEAD(
      EnumSet.range(Precision.FP32, Precision.INT8), Stage.TEXT_EMBEDDING, Stage.LANGUAGE_HEAD),
  /** The backbone (SPEC 4). */
  BACKBONE(EnumSet.allOf(Precision.class), Stage.BACKBONE),
  /** The fusion of latents into tokens (SPEC 2). */
  FUSION(EnumSet.allOf(Precision.class), Stage.FUSION),
  /** The flow head (SPEC 6). */
  FLOW_HEAD(EnumSet.allOf(Precision.class), Stage.FLOW_HEAD),
  /** The VAE: its encoder and decoder (SPEC 1). */
  VAE(
      EnumSet.range(Precision.FP32, Precision.BF16),
      Stage.VAE_IMAGE_ENCODER,
      Stage.VAE_IMAGE_DECODER,
      Stage.VAE_VIDEO_ENCODER,
      Stage.VAE_VIDEO_DECODER);

  private final Set<Precision> precisions;
  private final List<Stage> stages;

  ModelPart(Set<Precision> precisions, Stage... stages) {
    this.precisions = precisions;
    this.stages = List.of(stages);
  }

  /** {@return the name on command lines, such as {@code flow-head}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the part can be exported in a precision. */
  boolean takes(Precision precision) {
    return precisions.contains(precision);
  }

  Set<Precision> precisions() {
    return precisions;
  }

  /** {@return the stages that it makes up} */
  public List<Stage> stages() {
    return stages;
  }
}
