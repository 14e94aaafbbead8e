package dev.showo2.train;

import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/** Describes a run. Not thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingRunBuilder {

  private final Path folder;
  private final TrainableModel model;
  private final BatchSource source;
  private final Map<String, String> identity = new LinkedHashMap<>();
  private boolean averages;
  private List<String> groups = List.of();
  private List<Double> rates = List.of();
  private Schedule schedule;
  private int accumulate = 1;
  private LossWeights lossWeights = new LossWeights(1, 1);
  private long checkpointEvery = 1000;
  private int keep = 3;
  private long sampleEvery = Long.MAX_VALUE;
  private Optional<StepSampler> sampler = Optional.empty();
  private TrainingListener listener = TrainingListener.NONE;

  TrainingRunBuilder(Path folder, TrainableModel model, BatchSource source) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.model = Objects.requireNonNull(model, "model");
    this.source = Objects.requireNonNull(source, "source");
  }

  /**
   * Sets the rates at which the groups of parameters are trained. Needed.
   *
   * @param request that the model was opened with
   * @param value a rate for each of its groups, 0 or more
   * @return this builder
   * @throws IllegalArgumentException if there are more or fewer rates than groups, or one is
   *     negative or not finite
   */
  public TrainingRunBuilder rates(TrainingRequest request, List<Double> value) {
    if (request.groups().size() != value.size()
        || value.stream().anyMatch(rate -> !(rate >= 0 && rate < Double.POSITIVE_INFINITY))) {
      throw new IllegalArgumentException(
          "expected a finite rate of 0 or more for each of "
              + request.groups().size()
              + " groups, found "
              + value);
    }
    averages = request.averageDecay().isPresent();
    groups = request.groups().stream().map(group -> group.name()).toList();
    rates = List.copyOf(value);
    return this;
  }

  /**
   * Sets the course of the rates and with it the number of steps. Needed.
   *
   * @param value the schedule
   * @return this builder
   */
  public TrainingRunBuilder schedule(Schedule value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /**
   * Sets the number of micro-batches of a step, whose gradients are averaged.
   *
   * @param value 1, the default, or more
   * @return this builder
   * @throws IllegalArgumentException if it is less
   */
  public TrainingRunBuilder accumulate(int value) {
    accumulate = (int) atLeastOne(value, "the micro-batches of a step");
    return this;
  }

  /**
   * Sets the weights of the losses. 1 and 1 by default.
   *
   * @param value the weights
   * @return this builder
   */
  public TrainingRunBuilder lossWeights(LossWeights value) {
    lossWeights = Objects.requireNonNull(value, "lossWeights");
    return this;
  }

  /**
   * Sets how often checkpoints are written, and how many are kept. One more is written at the end.
   *
   * @param every steps, at least 1; 1000 by default
   * @param newest number of checkpoints that are kept, at least 1; 3 by default
   * @return this builder
   * @throws IllegalArgumentException if a number is less than 1
   */
  public TrainingRunBuilder checkpoints(long every, int newest) {
    checkpointEvery = atLeastOne(every, "the steps between checkpoints");
    keep = (int) atLeastOne(newest, "the number of checkpoints");
    return this;
  }

  /**
   * Tries the model on the way. Not done by default.
   *
   * @param every steps, at least 1; it is tried at the end of the run as well
   * @param value tries it
   * @return this builder
   * @throws IllegalArgumentException if the number is less than 1
   */
  public TrainingRunBuilder samples(long every, StepSampler value) {
    sampleEvery = atLeastOne(every, "the steps between samples");
    sampler = Optional.of(value);
    return this;
  }

  /**
   * Names a property that a run and one that goes on from its checkpoints must share, such as the
   * hash of the model that the first was begun with. The state of the source is compared anyway.
   *
   * @param name for messages, such as "model"
   * @param value compared with that of the checkpoint
   * @return this builder
   */
  public TrainingRunBuilder identity(String name, String value) {
    identity.put(name, value);
    return this;
  }

  /**
   * Sets what is called on the way.
   *
   * @param value called on the run's thread
   * @return this builder
   */
  public TrainingRunBuilder listener(TrainingListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Builds the run, which has not begun yet.
   *
   * @return the run
   * @throws IllegalStateException if rates or schedule are missing
   */
  public TrainingRun build() {
    if (rates.isEmpty() || schedule == null) {
      throw new IllegalStateException("a run needs rates and a schedule");
    }
    return new TrainingRun(
        new RunSettings(
            folder,
            model,
            source,
            averages,
            groups,
            rates,
            schedule,
            accumulate,
            lossWeights,
            checkpointEvery,
            keep,
            sampleEvery,
            sampler,
            new LinkedHashMap<>(identity),
            listener));
  }

  private static long atLeastOne(long value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be 1 or more, found " + value);
    }
    return value;
  }
}
