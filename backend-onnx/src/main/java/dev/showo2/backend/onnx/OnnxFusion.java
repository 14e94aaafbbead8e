package dev.showo2.backend.onnx;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

record OnnxFusion(
    OnnxSessions sessions, OnnxValues values, Lifetime lifetime, Architecture architecture)
    implements Fusion {

  @Override
  public Tensor fuse(FusionRequest request) {
    requireLatents(request.latents());
    Tensor tokens =
        runner(Stage.FUSION).run("tokens", call -> call.input("latents", request.latents()));
    if (request.grid().isEmpty()) {
      return tokens;
    }
    try (tokens) {
      return resize(tokens, request.latents().shape(), request.grid().get());
    }
  }

  private void requireLatents(Tensor latents) {
    int channels = architecture.vae().latentChannels();
    int patch = architecture.patchSize();
    Shape shape =
        TensorShapes.requirePlanes(
            latents,
            patch,
            "latents [B, " + channels + ", T, h, w]",
            TensorShapes.ANY,
            channels,
            TensorShapes.ANY,
            TensorShapes.ANY,
            TensorShapes.ANY);
    requirePositions(shape.dimension(3) / patch, shape.dimension(4) / patch);
  }

  /** A table that is not interpolated meets its own number of tokens only. */
  private void requirePositions(long rows, long columns) {
    if (!architecture.interpolatesPositions()
        && rows * columns != architecture.imageGrid().tokens()) {
      throw new IllegalArgumentException(
          "latents: this checkpoint has positions for "
              + architecture.imageGrid()
              + " tokens only, found "
              + rows
              + "x"
              + columns);
    }
  }

  private Tensor resize(Tensor tokens, Shape latents, TokenGrid grid) {
    return runner(Stage.FUSION_RESIZE)
        .run(
            "resized",
            call ->
                call.input("tokens", tokens)
                    .integer("rows", latents.dimension(3) / architecture.patchSize())
                    .integer("columns", latents.dimension(4) / architecture.patchSize())
                    .integer("new_rows", grid.rows())
                    .integer("new_columns", grid.columns()));
  }

  private StageRunner runner(Stage stage) {
    return new StageRunner(sessions.graph(stage), values, lifetime);
  }
}
