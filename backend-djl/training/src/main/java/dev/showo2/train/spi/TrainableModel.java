package dev.showo2.train.spi;

import dev.showo2.spi.Backend;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A model whose weights are trained: gradients are added up over the micro-batches of a step, then
 * the optimizer makes one update (SPEC 10). Weights, gradients and the state of the optimizer are
 * 32-bit floats. The same calls on the same state give the same bits on one machine and number of
 * threads. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TrainableModel extends AutoCloseable {

  /**
   * A weight of the model.
   *
   * @param name as in released checkpoints; matrices of an adapter have the name of their layer
   *     followed by {@code .lora_A.weight} or {@code .lora_B.weight}
   * @param shape as in released checkpoints
   * @param group index of the parameter group that it is trained in, or −1 if it is not trained
   */
  record Weight(String name, Shape shape, int group) {

    /**
     * Tells whether updates change it.
     *
     * @return true if it is in a group
     */
    public boolean trained() {
      return group >= 0;
    }
  }

  /** The values that are kept for each weight. */
  enum Slot {
    /** The weight itself. */
    WEIGHT,
    /** The running mean of its gradients; of trained weights only. */
    FIRST_MOMENT,
    /** The running mean of their squares; of trained weights only. */
    SECOND_MOMENT,
    /**
     * The running mean of the weight; of trained weights only, and where the request asks for it.
     */
    AVERAGE
  }

  /**
   * Lists all weights of fusion, time embedding, backbone, language head and flow head; those of
   * the VAE are never trained. Tied matrices are one weight.
   *
   * @return sorted by name, the same whenever it is asked
   */
  List<Weight> weights();

  /**
   * Computes the losses of a micro-batch and adds their gradients to those of the step.
   *
   * @param batch rows, and latents of their images
   * @param lossWeights of the sum whose gradient is taken
   * @param microBatches of the step; the sum is divided by it. At least 1.
   * @return the losses, before they are weighed and divided
   * @throws dev.showo2.error.InvalidRequestException if the batch does not fit the model; no
   *     gradient has been added then
   * @throws dev.showo2.error.BackendException if the engine fails; the gradients of the step are
   *     undefined then until {@link #discardGradients}
   */
  TrainingLosses accumulate(TrainingBatch batch, LossWeights lossWeights, int microBatches);

  /**
   * Computes the loss by which the semantic layers learn from a teacher, −mean log cos of their
   * features and the teacher's (SPEC 10), and adds its gradients to those of the step.
   *
   * @param batch latents and the teacher's features
   * @param microBatches of the step; the loss is divided by it. At least 1.
   * @return the loss, before it is divided
   * @throws dev.showo2.error.InvalidRequestException if the batch does not fit the model; no
   *     gradient has been added then
   * @throws dev.showo2.error.BackendException as for {@link #accumulate}
   */
  double accumulate(DistillationBatch batch, int microBatches);

  /**
   * Ends a step: clips the gradients of all trained weights to the request's norm, updates the
   * weights, and discards the gradients. Does nothing but discard them if their norm is not finite.
   *
   * @param rates learning rate of each parameter group; 0 or more
   * @return the norm of the gradients of all trained weights, before clipping; may be NaN or
   *     infinite
   * @throws dev.showo2.error.BackendException if the engine fails; weights may then be half updated
   */
  double update(List<Double> rates);

  /** Forgets the gradients of the step. */
  void discardGradients();

  /**
   * Counts the updates that were made, on which the optimizer's corrections depend.
   *
   * @return 0 or more
   */
  long updates();

  /**
   * Sets the number of updates, for a run that goes on from a saved state.
   *
   * @param updates 0 or more
   */
  void setUpdates(long updates);

  /**
   * Reads values of a weight.
   *
   * @param weight name of one of {@link #weights()}
   * @param slot kept for it
   * @param from index of the first value, row-major
   * @param target filled to its limit
   */
  void read(String weight, Slot slot, long from, FloatBuffer target);

  /**
   * Replaces values of a weight that is trained.
   *
   * @param weight name of one of {@link #weights()}
   * @param slot kept for it
   * @param from index of the first value, row-major
   * @param source read to its limit
   */
  void write(String weight, Slot slot, long from, FloatBuffer source);

  /**
   * The stages of the model with its weights as they are at each call, and the VAE of the bundle.
   *
   * @return a backend that ends with this model; the caller does not close it
   */
  Backend backend();

  /** Frees everything. A second call does nothing. */
  @Override
  void close();
}
