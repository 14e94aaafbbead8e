package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.internal.golden.pass.VaeDecoding;
import dev.showo2.conformance.internal.golden.pass.VaeEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.LatentSampling;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Cases of the VAE, on small images: it takes any size. */
final class VaeRecipes {

  static final List<CaseRecipe> ALL =
      List.of(
          CaseRecipe.of(
              "vae_encode_image",
              "vae_encode",
              (scene, draft) -> encode(scene, draft, 2, 1),
              Stage.VAE_IMAGE_ENCODER),
          CaseRecipe.of(
              "vae_encode_video",
              "vae_encode",
              (scene, draft) -> encode(scene, draft, 1, 1 + 2 * Architecture.VAE_TEMPORAL_FACTOR),
              Stage.VAE_VIDEO_ENCODER),
          CaseRecipe.of(
              "latent_sampling", "vae_encode", VaeRecipes::sample, Stage.VAE_IMAGE_ENCODER),
          CaseRecipe.of(
              "vae_decode_image", "vae_decode", VaeRecipes::decodeImage, Stage.VAE_IMAGE_DECODER),
          CaseRecipe.of(
              "vae_decode_video", "vae_decode", VaeRecipes::decodeVideo, Stage.VAE_VIDEO_DECODER));

  /** The state of a layer that doubles the frames is not all zeros only from the third on. */
  private static final int LATENT_FRAMES = 3;

  private VaeRecipes() {}

  private static void encode(Scene scene, CaseDraft draft, int batch, int frames) {
    HostTensor pixels = scene.pixels(batch, scene.smallGrid(), frames);
    VaeEncoding encoded = VaeEncoding.of(scene.backend(), pixels);
    draft.floats("pixels", pixels);
    draft.floats("mean", encoded.mean());
    draft.floats("logvar", encoded.logVariance());
  }

  private static void sample(Scene scene, CaseDraft draft) {
    HostTensor pixels = scene.pixels(2, scene.smallGrid(), 1);
    VaeEncoding encoded = VaeEncoding.of(scene.backend(), pixels);
    draft.settings().addProperty("seed", scene.seed());
    draft.floats("pixels", pixels);
    draft.floats(
        "latents",
        LatentSampling.sample(
            encoded.mean(), encoded.logVariance(), new TorchRandom(scene.seed())));
  }

  private static void decodeImage(Scene scene, CaseDraft draft) {
    HostTensor latents = scene.latents(2, scene.smallGrid(), 1);
    pixels(draft, latents, VaeDecoding.image(scene.backend(), latents));
  }

  private static void decodeVideo(Scene scene, CaseDraft draft) {
    HostTensor latents = scene.latents(scene.smallGrid(), LATENT_FRAMES);
    pixels(draft, latents, VaeDecoding.video(scene.backend(), latents));
  }

  private static void pixels(CaseDraft draft, HostTensor latents, HostTensor pixels) {
    draft.floats("latents", latents);
    draft.floats("pixels_unclamped", pixels);
    draft.floats("pixels", VaeDecoding.clamped(pixels));
  }
}
