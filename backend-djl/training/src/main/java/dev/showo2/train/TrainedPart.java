package dev.showo2.train;

import dev.showo2.train.spi.ParameterGroup;
import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;

/** The parts of the model that a recipe trains, as groups of parameters with a rate each. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum TrainedPart {

  /** Fusion, flow head and time embedding; the semantic layers and the backbone stay (SPEC 10). */
  STAGE_ONE(
      new ParameterGroup(
          "flow",
          List.of(),
          List.of("image_embedder_und", "und_trans", "showo", "position_embedding"))),

  /** All but the matrices of the time embedding, at three rates (SPEC 10). */
  STAGE_TWO(
      new ParameterGroup(
          "embedding", List.of("und_trans", "image_embedder", "position_embedding"), List.of()),
      new ParameterGroup("fusion", List.of("fusion_proj"), List.of()),
      new ParameterGroup(
          "backbone", List.of("showo", "diffusion", "diff_proj", "time_embed_proj"), List.of())),

  /** The projection behind both paths alone, as the first part of stage two (SPEC 10). */
  FUSION(new ParameterGroup("fusion", List.of("fusion_proj"), List.of())),

  /** The semantic layers, which learn from a teacher's features (SPEC 10). */
  SEMANTIC(
      new ParameterGroup(
          "semantic", List.of("image_embedder_und", "und_trans", "position_embedding"), List.of())),

  /** The matrices of an adapter. */
  ADAPTER(new ParameterGroup("adapter", List.of(), List.of()));

  private final List<ParameterGroup> groups;

  TrainedPart(ParameterGroup... groups) {
    this.groups = List.of(groups);
  }

  /**
   * Returns the groups.
   *
   * @return at least one; a weight belongs to the first that contains it
   */
  public List<ParameterGroup> groups() {
    return groups;
  }

  /**
   * Returns the name in configurations.
   *
   * @return such as "stage-one"
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
