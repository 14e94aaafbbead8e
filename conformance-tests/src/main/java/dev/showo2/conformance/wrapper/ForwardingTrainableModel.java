package dev.showo2.conformance.wrapper;

import dev.showo2.spi.Backend;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/** A model that forwards each call to another one; subclasses change some. Not thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public class ForwardingTrainableModel implements TrainableModel {

  private final TrainableModel delegate;

  /**
   * Wraps a model.
   *
   * @param delegate closed together with this model
   */
  protected ForwardingTrainableModel(TrainableModel delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  /**
   * Returns the model behind this one.
   *
   * @return it
   */
  protected final TrainableModel delegate() {
    return delegate;
  }

  @Override
  public List<Weight> weights() {
    return delegate.weights();
  }

  @Override
  public TrainingLosses accumulate(TrainingBatch batch, LossWeights lossWeights, int microBatches) {
    return delegate.accumulate(batch, lossWeights, microBatches);
  }

  @Override
  public double accumulate(DistillationBatch batch, int microBatches) {
    return delegate.accumulate(batch, microBatches);
  }

  @Override
  public double update(List<Double> rates) {
    return delegate.update(rates);
  }

  @Override
  public void discardGradients() {
    delegate.discardGradients();
  }

  @Override
  public long updates() {
    return delegate.updates();
  }

  @Override
  public void setUpdates(long updates) {
    delegate.setUpdates(updates);
  }

  @Override
  public void read(String weight, Slot slot, long from, FloatBuffer target) {
    delegate.read(weight, slot, from, target);
  }

  @Override
  public void write(String weight, Slot slot, long from, FloatBuffer source) {
    delegate.write(weight, slot, from, source);
  }

  @Override
  public Backend backend() {
    return delegate.backend();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
