package dev.showo2.export.checkpoint;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.util.Collections;
import java.util.List;

/** Sizes of models that export in a moment; no two sizes of a kind are equal by chance. */
public final class TinyArchitecture {

  /** The tokenizer of the tests with the four tokens that Show-o2 adds. */
  public static final int VOCABULARY = 508;

  private static final Architecture.Semantic SEMANTIC =
      new Architecture.Semantic(24, 2, 3, 28, 1e-6, 16);

  private static final Architecture.FlowHead FLOW_HEAD =
      new Architecture.FlowHead(
          48, 2, 6, 2, 8, 44, 1e-5, 5e5, new Architecture.RopeScaling(32, 1, 4, 8192));

  private static final Architecture.Vae VAE =
      new Architecture.Vae(
          4,
          16,
          List.of(1, 2, 4, 4),
          1,
          List.of(false, true, true),
          Collections.nCopies(16, 0.25f),
          Collections.nCopies(16, 2f));

  /** Tied embeddings, positions as they are, projections before the flow head. */
  public static final Architecture TIED =
      new Architecture(
          backbone(32, true),
          SEMANTIC,
          FLOW_HEAD,
          VAE,
          2,
          new TokenGrid(4, 4),
          new TokenGrid(4, 4),
          new TokenGrid(2, 2));

  /** Untied, positions interpolated to a grid that is no square, D = H. */
  public static final Architecture UNTIED =
      new Architecture(
          backbone(48, false),
          SEMANTIC,
          FLOW_HEAD,
          VAE,
          2,
          new TokenGrid(4, 6),
          new TokenGrid(4, 6),
          new TokenGrid(2, 2));

  private TinyArchitecture() {}

  private static Architecture.Decoder backbone(int width, boolean tied) {
    return new Architecture.Decoder(width, 3, width / 8, 2, 8, 56, VOCABULARY, 1e-6, 1e6, tied);
  }
}
