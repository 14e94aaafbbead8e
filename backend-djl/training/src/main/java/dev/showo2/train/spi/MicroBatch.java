package dev.showo2.train.spi;

import org.apiguardian.api.API;

/** A part of a step: what a model computes losses and gradients of at once. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface MicroBatch permits TrainingBatch, DistillationBatch {}
