package dev.showo2.train.spi;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Matrices of low rank beside linear layers: y = W·x + scale · B·(A·dropout(x)), with A uniform
 * within ±1/√inputs and B = 0 at first.
 *
 * @param rank rows of A and columns of B; 1 or more
 * @param alpha scale is alpha / rank, or alpha / √rank with rank stabilization; more than 0
 * @param rankStabilized of rsLoRA
 * @param dropout share of the inputs of A that are left out in training; in [0, 1)
 * @param targets ends of names of layers in backbone and flow head, such as "q_proj"; not empty
 * @param seed of A's initial values
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoraRequest(
    int rank,
    double alpha,
    boolean rankStabilized,
    double dropout,
    List<String> targets,
    long seed) {

  /**
   * Checks the ranges and copies the list.
   *
   * @param rank 1 or more
   * @param alpha more than 0
   * @param rankStabilized of rsLoRA
   * @param dropout in [0, 1)
   * @param targets ends of names of layers
   * @param seed of A's initial values
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public LoraRequest {
    targets = List.copyOf(targets);
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be 1 or more, found " + rank);
    }
    if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha must be finite and more than 0, found " + alpha);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), found " + dropout);
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("name at least one layer, such as q_proj");
    }
  }

  /**
   * Computes the factor of B·A.
   *
   * @return alpha / rank or alpha / √rank
   */
  public double scale() {
    return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
  }
}
