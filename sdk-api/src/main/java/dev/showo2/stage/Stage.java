package dev.showo2.stage;

import java.util.Locale;
import org.apiguardian.api.API;

/**
 * The parts that a Show-o2 model is made of, as a backend offers them. The VAE counts four times
 * because a backend may know images and not videos, or only one direction.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Stage {
  TEXT_EMBEDDING,
  TIME_EMBEDDING,
  FUSION,
  /** The resizing of fused tokens that video understanding needs: {@link FusionRequest#grid()}. */
  FUSION_RESIZE,
  BACKBONE,
  LANGUAGE_HEAD,
  FLOW_HEAD,
  VAE_IMAGE_ENCODER,
  VAE_IMAGE_DECODER,
  VAE_VIDEO_ENCODER,
  VAE_VIDEO_DECODER;

  /** The name in manifests, file names and reports, such as {@code flow_head}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
