package dev.showo2.train;

import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of a run, as {@link TrainingRunBuilder} describes them. */
record RunSettings(
    Path folder,
    TrainableModel model,
    BatchSource source,
    boolean averages,
    List<String> groups,
    List<Double> rates,
    Schedule schedule,
    int accumulate,
    LossWeights lossWeights,
    long checkpointEvery,
    int keep,
    long sampleEvery,
    Optional<StepSampler> sampler,
    Map<String, String> identity,
    TrainingListener listener) {}
