package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.calibration.LayerTrials.Call;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.util.List;
import java.util.Optional;

/** Latents to image tokens on two paths that are then joined (SPEC 2). */
final class FusionPass {

  private static final double NORM_EPSILON = 1e-6;

  private final Architecture architecture;
  private final LinearLayers layers;
  private final WeightReader reader;

  FusionPass(Architecture architecture, LinearLayers layers) {
    this.architecture = architecture;
    this.layers = layers;
    this.reader = layers.reader();
  }

  /**
   * @return [D, tokens]
   */
  Activations run(CalibrationImage image, int streams) {
    Activations patches = image.patches(architecture.patchSize(), streams);
    Activations semantic = layers.withBias("image_embedder_und.proj", patches);
    addPositions(semantic, image);
    for (int layer = 0; layer < architecture.semantic().layers(); layer++) {
      semanticLayer("und_trans.layers." + layer, semantic);
    }
    Activations both = semantic.beside(layers.withBias("image_embedder_gen.proj", patches));
    Activations normed = Norms.rms(both, reader.all("fusion_proj.0.weight"), NORM_EPSILON);
    Activations wide =
        layers
            .together(
                normed,
                Optional.of(Smoothing.of(normed.channels(), "fusion_proj.0.weight")),
                Call.withBias("fusion_proj.1"))
            .get(0);
    return layers.withBias("fusion_proj.3", Pointwise.apply(wide, Pointwise::gelu));
  }

  private void addPositions(Activations x, CalibrationImage image) {
    String key = "position_embedding.weight";
    PositionTable table = new PositionTable(reader.all(key), reader.rows(key), reader.columns(key));
    if (architecture.interpolatesPositions()) {
      table.addInterpolated(x, image.grid());
    } else {
      table.addFirst(x);
    }
  }

  /** Adds to x what a SigLIP layer makes of it. */
  private void semanticLayer(String key, Activations x) {
    int heads = architecture.semantic().heads();
    Activations normed = normed(key + ".layer_norm1", x);
    List<Activations> projected =
        layers.together(
            normed,
            ofNorm(key + ".layer_norm1", x),
            Call.withBias(key + ".self_attn.q_proj"),
            Call.withBias(key + ".self_attn.k_proj"),
            Call.withBias(key + ".self_attn.v_proj"));
    Activations attended =
        new SegmentAttention(heads, heads, 0)
            .apply(projected.get(0), projected.get(1), projected.get(2), layers.workers());
    String values = key + ".self_attn.v_proj";
    Smoothing ofValues = Smoothing.of(x.channels(), values + ".weight", values + ".bias");
    x.add(
        layers
            .together(attended, Optional.of(ofValues), Call.withBias(key + ".self_attn.out_proj"))
            .get(0));
    Activations wide =
        layers
            .together(
                normed(key + ".layer_norm2", x),
                ofNorm(key + ".layer_norm2", x),
                Call.withBias(key + ".mlp.fc1"))
            .get(0);
    x.add(layers.withBias(key + ".mlp.fc2", Pointwise.apply(wide, Pointwise::geluTanh)));
  }

  private static Optional<Smoothing> ofNorm(String key, Activations x) {
    return Optional.of(Smoothing.of(x.channels(), key + ".weight", key + ".bias"));
  }

  private Activations normed(String key, Activations x) {
    return Norms.layer(
        x,
        reader.all(key + ".weight"),
        reader.all(key + ".bias"),
        architecture.semantic().normEpsilon());
  }

  /**
   * The positions of the semantic layers (SPEC 2).
   *
   * @param values [side · side, width]
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
  record PositionTable(float[] values, int rows, int width) {

    private static final double A = -0.75;

    /** Adds the first rows to the tokens of x. */
    void addFirst(Activations x) {
      for (int token = 0; token < x.tokens(); token++) {
        add(x, token, token, 1);
      }
    }

    /** Adds the square table, interpolated to a grid by bicubic weights, to the tokens of x. */
    void addInterpolated(Activations x, TokenGrid grid) {
      int side = (int) Math.round(Math.sqrt(rows));
      for (int token = 0; token < grid.tokens(); token++) {
        double y = (token / grid.columns() + 0.5) * side / grid.rows() - 0.5;
        double z = (token % grid.columns() + 0.5) * side / grid.columns() - 0.5;
        int firstRow = (int) Math.floor(y) - 1;
        int firstColumn = (int) Math.floor(z) - 1;
        for (int row = firstRow; row < firstRow + 4; row++) {
          for (int column = firstColumn; column < firstColumn + 4; column++) {
            double weight = cubic(Math.abs(y - row)) * cubic(Math.abs(z - column));
            add(x, token, inside(row, side) * side + inside(column, side), weight);
          }
        }
      }
    }

    private void add(Activations x, int token, int row, double weight) {
      for (int i = 0; i < width; i++) {
        for (int t = token; t < x.columns(); t += x.tokens()) {
          x.values()[i][t] += (float) (weight * values[row * width + i]);
        }
      }
    }

    /** Positions beyond the edge have the values of the edge. */
    private static int inside(int index, int side) {
      return Math.max(0, Math.min(side - 1, index));
    }

    private static double cubic(double distance) {
      if (distance < 1) {
        return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
      }
      return distance < 2 ? A * (((distance - 5) * distance + 8) * distance - 4) : 0;
    }
  }
}
