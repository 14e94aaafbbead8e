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

  /** Of latents; the graph refuses any other. */
  private static final int RANK = 5;

  @Override
  public Tensor fuse(FusionRequest request) {
    requirePositions(request.latents().shape());
    Tensor tokens =
        runner(Stage.FUSION).run("tokens", call -> call.input("latents", request.latents()));
    if (request.grid().isEmpty()) {
      return tokens;
    }
    try (tokens) {
      return resize(tokens, request.latents().shape(), request.grid().get());
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

  /** A table that is not interpolated meets its own number of tokens only. */
  private void requirePositions(Shape latents) {
    if (architecture.interpolatesPositions() || latents.rank() != RANK) {
      return;
    }
    long rows = latents.dimension(3) / architecture.patchSize();
    long columns = latents.dimension(4) / architecture.patchSize();
    if (rows * columns != architecture.semantic().positions()) {
      throw new IllegalArgumentException(
          "latents: this checkpoint has positions for "
              + architecture.imageGrid()
              + " tokens only, found "
              + rows
              + "x"
              + columns);
    }
  }

  private StageRunner runner(Stage stage) {
    return new StageRunner(sessions.graph(stage), values, lifetime);
  }
}
