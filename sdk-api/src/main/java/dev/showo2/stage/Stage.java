package dev.showo2.stage;

import java.util.Locale;
import org.apiguardian.api.API;

/**
 * The parts that a Show-o2 model is made of, as a backend offers them. The VAE counts four times
 * because a backend may know images and not videos, or only one direction.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Stage {
  /** Token ids to embeddings. */
  TEXT_EMBEDDING,
  /** Flow times to time vectors and time tokens (SPEC 3). */
  TIME_EMBEDDING,
  /** Latents to image tokens (SPEC 2). */
  FUSION,
  /** The resizing of fused tokens that video understanding needs: {@link FusionRequest#grid()}. */
  FUSION_RESIZE,
  /** The decoder with omni-attention (SPEC 4). */
  BACKBONE,
  /** Hidden states to logits (SPEC 5). */
  LANGUAGE_HEAD,
  /** Hidden states to velocities (SPEC 6). */
  FLOW_HEAD,
  /** Images to latents (SPEC 1). */
  VAE_IMAGE_ENCODER,
  /** Latents to images (SPEC 1). */
  VAE_IMAGE_DECODER,
  /** Videos to latents (SPEC 1). */
  VAE_VIDEO_ENCODER,
  /** Latents to videos (SPEC 1). */
  VAE_VIDEO_DECODER;

  /** {@return the name in manifests, file names and reports, such as {@code flow_head}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
