package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.Pixels;
import dev.showo2.pipeline.FinishedImage;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import org.apiguardian.api.API;

/** Decodes the latents of one image. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ImageDecoding {

  private ImageDecoding() {}

  /** Decodes an image of a request and tells the listener. */
  public static BufferedImage finish(
      LoadedModel model, HostTensor latents, RequestContext run, int index) {
    run.check();
    BufferedImage image = decode(model, latents);
    run.listener().image(new FinishedImage(index, image, latents));
    return image;
  }

  /**
   * @param latents [1, C, 1, h, w]
   * @throws InvalidRequestException if they have another shape
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks the decoder
   * @throws dev.showo2.pipeline.DecodingException if the engine fails or has no memory
   */
  public static BufferedImage decode(LoadedModel model, HostTensor latents) {
    DecodeFailures.requireShape(latents, model.architecture().vae().latentChannels(), 1);
    model.require("decoding of images", Stage.VAE_IMAGE_DECODER);
    return DecodeFailures.keeping(
        latents,
        () -> {
          try (Tensor uploaded = model.backend().upload(latents);
              Tensor pixels = model.backend().vaeDecoder().decodeImage(uploaded)) {
            HostTensor host = pixels.toHost();
            Shape shape = host.shape();
            return Pixels.toImage(host.reshape(3, shape.dimension(3), shape.dimension(4)));
          }
        });
  }
}
