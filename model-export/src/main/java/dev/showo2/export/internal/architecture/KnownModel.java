package dev.showo2.export.internal.architecture;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The released models with all their sizes, and one that is small enough for anything. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum KnownModel {
  /** Like the released models in every way but its size; randomly initialized. */
  TINY("tiny", tiny()),
  SMALL("1.5b", released(small(), 27)),
  SMALL_HQ_512("1.5b-hq-512", released(small(), 32)),
  SMALL_HQ_1024("1.5b-hq-1024", released(small(), 64)),
  LARGE("7b", released(large(), 27));

  private final String id;
  private final Architecture architecture;

  KnownModel(String id, Architecture architecture) {
    this.id = id;
    this.architecture = architecture;
  }

  /** Such as {@code 1.5b}. */
  public String id() {
    return id;
  }

  public Architecture architecture() {
    return architecture;
  }

  /** The model with weights and images of these sizes; those of videos may differ. */
  public static Optional<KnownModel> of(Architecture sizes) {
    return Arrays.stream(values()).filter(model -> model.isOne(sizes)).findFirst();
  }

  private boolean isOne(Architecture sizes) {
    return sizes.backbone().equals(architecture.backbone())
        && sizes.semantic().equals(architecture.semantic())
        && sizes.flowHead().equals(architecture.flowHead())
        && sizes.vae().equals(architecture.vae())
        && sizes.patchSize() == architecture.patchSize()
        && sizes.imageGrid().equals(architecture.imageGrid());
  }

  private static Architecture.Decoder small() {
    return new Architecture.Decoder(1536, 28, 12, 2, 128, 8960, 151_669, 1e-6, 1e6, true);
  }

  private static Architecture.Decoder large() {
    return new Architecture.Decoder(3584, 28, 28, 4, 128, 18_944, 151_669, 1e-6, 1e6, false);
  }

  /**
   * @param side of the image, in tokens
   */
  private static Architecture released(Architecture.Decoder backbone, int side) {
    TokenGrid grid = new TokenGrid(side, side);
    return new Architecture(
        backbone,
        new Architecture.Semantic(1152, 26, 16, 4304, 1e-6, 729),
        new Architecture.FlowHead(2048, 10, 32, 8, 64, 8192, 1e-5, 5e5, KnownSizes.ROPE_SCALING),
        KnownSizes.VAE,
        2,
        grid,
        grid,
        KnownSizes.VIDEO_UNDERSTANDING_GRID);
  }

  private static Architecture tiny() {
    TokenGrid grid = new TokenGrid(4, 4);
    return new Architecture(
        new Architecture.Decoder(32, 3, 4, 2, 8, 56, 508, 1e-6, 1e6, true),
        new Architecture.Semantic(24, 2, 3, 28, 1e-6, 16),
        new Architecture.FlowHead(48, 2, 6, 2, 8, 44, 1e-5, 5e5, KnownSizes.ROPE_SCALING),
        new Architecture.Vae(
            4,
            16,
            List.of(1, 2, 4, 4),
            1,
            List.of(false, true, true),
            Collections.nCopies(16, 0f),
            Collections.nCopies(16, 1f)),
        2,
        grid,
        grid,
        new TokenGrid(2, 2));
  }
}
