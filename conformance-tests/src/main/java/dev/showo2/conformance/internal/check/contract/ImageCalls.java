package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.model.Architecture;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls of fusion and VAE, one for each tensor that they take. */
final class ImageCalls {

  /** Pixels along an axis; the rules are not about values, so the fewest there can be. */
  private static final int SIDE = 8;

  private final Architecture architecture;
  private final long channels;

  private ImageCalls(Architecture architecture) {
    this.architecture = architecture;
    channels = architecture.vae().latentChannels();
  }

  static List<TensorCall> of(Architecture architecture) {
    ImageCalls calls = new ImageCalls(architecture);
    return List.of(
        calls.fusion("Fusion.fuse latents", Stage.FUSION, Optional.empty()),
        calls.fusion(
            "Fusion.fuse latents with a grid",
            Stage.FUSION_RESIZE,
            Optional.of(new TokenGrid(2, 3))),
        encodeImage(),
        encodeFirst(),
        encodeNext(),
        calls.decodeImage(),
        calls.decodeFirst(),
        calls.decodeNext());
  }

  private TensorCall fusion(String name, Stage stage, Optional<TokenGrid> grid) {
    int patch = architecture.patchSize();
    TokenGrid image = architecture.imageGrid();
    Shape latents =
        Shape.of(1, channels, 1, (long) image.rows() * patch, (long) image.columns() * patch);
    return new TensorCall(
        name,
        stage,
        latents,
        TensorCall.misshapenNear(latents, 1, 3, 4),
        (backend, held) -> x -> List.of(backend.fusion().fuse(FusionRequest.of(x, grid))));
  }

  private static Shape pixels(int frames) {
    return Shape.of(1, 3, frames, SIDE, SIDE);
  }

  private static TensorCall encodeImage() {
    return new TensorCall(
        "VaeEncoder.encodeImage pixels",
        Stage.VAE_IMAGE_ENCODER,
        pixels(1),
        TensorCall.misshapenNear(pixels(1), 1, 2, 3, 4),
        (backend, held) -> x -> tensors(backend.vaeEncoder().encodeImage(x)));
  }

  private static TensorCall encodeFirst() {
    return new TensorCall(
        "VaeEncoderStream.encode first chunk",
        Stage.VAE_VIDEO_ENCODER,
        pixels(1),
        TensorCall.misshapenNear(pixels(1), 1, 2, 3, 4),
        (backend, held) -> {
          VaeEncoderStream stream =
              held.add(backend.vaeEncoder().openStream(VaeStreamRequest.unspecified()));
          return x -> tensors(stream.encode(x));
        });
  }

  private static TensorCall encodeNext() {
    int frames = Architecture.VAE_TEMPORAL_FACTOR;
    List<Shape> misshapen =
        new ArrayList<>(TensorCall.misshapenNear(pixels(frames), 0, 1, 2, 3, 4));
    // Good in itself, but not the size with which the stream began.
    misshapen.add(TensorCall.resized(pixels(frames), 3, 2 * SIDE));
    return new TensorCall(
        "VaeEncoderStream.encode later chunk",
        Stage.VAE_VIDEO_ENCODER,
        pixels(frames),
        misshapen,
        (backend, held) -> {
          VaeEncoderStream stream =
              held.add(backend.vaeEncoder().openStream(VaeStreamRequest.unspecified()));
          Tensor first = held.add(backend.upload(Inputs.normal(5, pixels(1).toArray())));
          stream.encode(first).close();
          return x -> tensors(stream.encode(x));
        });
  }

  private static List<Tensor> tensors(LatentDistribution distribution) {
    return List.of(distribution.mean(), distribution.logVariance());
  }

  private Shape latents() {
    int side = SIDE / Architecture.VAE_SPATIAL_FACTOR;
    return Shape.of(1, channels, 1, side, side);
  }

  private TensorCall decodeImage() {
    return new TensorCall(
        "VaeDecoder.decodeImage latents",
        Stage.VAE_IMAGE_DECODER,
        latents(),
        TensorCall.misshapenNear(latents(), 1, 2),
        (backend, held) -> x -> List.of(backend.vaeDecoder().decodeImage(x)));
  }

  private TensorCall decodeFirst() {
    return new TensorCall(
        "VaeDecoderStream.decode first frame",
        Stage.VAE_VIDEO_DECODER,
        latents(),
        TensorCall.misshapenNear(latents(), 1, 2),
        (backend, held) -> {
          VaeDecoderStream stream =
              held.add(backend.vaeDecoder().openStream(VaeStreamRequest.unspecified()));
          return x -> List.of(stream.decode(x));
        });
  }

  private TensorCall decodeNext() {
    return new TensorCall(
        "VaeDecoderStream.decode later frame",
        Stage.VAE_VIDEO_DECODER,
        latents(),
        TensorCall.misshapenNear(latents(), 0, 1, 2, 3, 4),
        (backend, held) -> {
          VaeDecoderStream stream =
              held.add(backend.vaeDecoder().openStream(VaeStreamRequest.unspecified()));
          Tensor first = held.add(backend.upload(Inputs.normal(6, latents().toArray())));
          stream.decode(first).close();
          return x -> List.of(stream.decode(x));
        });
  }
}
