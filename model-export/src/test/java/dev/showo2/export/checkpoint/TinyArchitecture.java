package dev.showo2.export.checkpoint;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.testing.ArchitectureBuilder;
import dev.showo2.testing.TinyTokenizer;

/** Sizes of models that export in a moment; no two sizes of a kind are equal by chance. */
public final class TinyArchitecture {

  /** Tied embeddings, positions as they are, projections before the flow head. */
  public static final Architecture TIED = sizes(32, true, new TokenGrid(4, 4));

  /** Untied, positions interpolated to a grid that is no square, D = H. */
  public static final Architecture UNTIED = sizes(48, false, new TokenGrid(4, 6));

  private TinyArchitecture() {}

  private static Architecture sizes(int width, boolean tied, TokenGrid grid) {
    return new ArchitectureBuilder()
        .backbone(width, 3, width / 8, 2, 8, 56, TinyTokenizer.VOCABULARY, tied)
        .semantic(24, 2, 3, 28, 16)
        .flowHead(48, 2, 6, 2, 8, 44)
        .vae(4, 1)
        .latents(0.25f, 2)
        .grids(grid, grid, new TokenGrid(2, 2))
        .build();
  }
}
