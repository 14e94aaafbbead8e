package dev.showo2.sampler.internal;

import java.util.BitSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Makes tokens that a sequence contains less likely: their logits are divided by the penalty when
 * positive and multiplied when negative (Keskar and others, "CTRL", 2019; transformers).
 *
 * <p>For one text. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RepetitionPenalty {

  private final float penalty;
  private final Set<Integer> spared;
  private final BitSet seen = new BitSet();

  /**
   * Starts with an empty sequence.
   *
   * @param penalty above 0; 1 changes nothing
   * @param spared tokens without penalty, such as those that end a text
   */
  public RepetitionPenalty(float penalty, Set<Integer> spared) {
    this.penalty = penalty;
    this.spared = Set.copyOf(spared);
  }

  /**
   * Adds tokens to the sequence.
   *
   * @param ids token ids
   */
  public void see(int... ids) {
    for (int id : ids) {
      if (!spared.contains(id)) {
        seen.set(id);
      }
    }
  }

  /**
   * Applies the penalty.
   *
   * @param logits [V], not written to
   * @return the logits with their penalty; the same array where nothing changes
   */
  public float[] apply(float[] logits) {
    if (penalty == 1 || seen.isEmpty()) {
      return logits;
    }
    float[] changed = logits.clone();
    for (int id = seen.nextSetBit(0);
        id >= 0 && id < changed.length;
        id = seen.nextSetBit(id + 1)) {
      changed[id] = changed[id] > 0 ? changed[id] / penalty : changed[id] * penalty;
    }
    return changed;
  }
}
