package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the examples of batches and makes their rows. All choices follow from seed, pass and
 * position. One thread at a time uses it.
 */
final class BatchPreparer {

  private static final long MIXING = -1;

  private final TrainingData data;
  private final List<RowPreparer> preparers = new ArrayList<>();
  private final ProblemCounter counter = new ProblemCounter();
  private final String fingerprint;
  private final long[] passes;
  private final long[] positions;
  private long batch;

  BatchPreparer(TrainingData data, Optional<TensorCache> cache, Optional<FeatureEncoder> features) {
    this.data = data;
    for (RowLoader loader : data.loaders()) {
      preparers.add(new RowPreparer(loader, data, cache, features));
    }
    passes = new long[preparers.size()];
    positions = new long[preparers.size()];
    fingerprint = fingerprint(data);
    if (data.mixing() == LoaderMixing.SIDE_BY_SIDE) {
      requireOneShape();
    }
  }

  private void requireOneShape() {
    RowPreparer first = preparers.get(0);
    for (RowPreparer other : preparers) {
      if (!other.latentShape().equals(first.latentShape())) {
        throw new InvalidRequestException(
            "loaders side by side need images of one size and number of frames; "
                + first.loader().name()
                + " has "
                + size(first)
                + ", "
                + other.loader().name()
                + " "
                + size(other)
                + "; set one size, or mix them by weight");
      }
      if (other.framesAlone() != first.framesAlone()) {
        throw new InvalidRequestException(
            "loaders side by side need frames or clips alike; "
                + first.loader().name()
                + " and "
                + other.loader().name()
                + " differ; mix them by weight");
      }
    }
  }

  private static String size(RowPreparer preparer) {
    MediaPixels media = preparer.media();
    return media.width() + "x" + media.height() + " pixels and " + media.frames() + " frames";
  }

  private static String fingerprint(TrainingData data) {
    StringBuilder text = new StringBuilder();
    text.append(data.mixing()).append(',').append(data.seed()).append(',');
    text.append(data.sampledLatents()).append(',').append(data.architecture().imageGrid());
    text.append(',').append(data.architecture().videoGrid());
    data.features().ifPresent(source -> text.append(',').append(source.id()));
    for (RowLoader loader : data.loaders()) {
      text.append('\n').append(loader.settings()).append(',').append(loader.source().size());
      text.append(',').append(loader.source().fingerprint());
    }
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  DataReport report() {
    return counter.report();
  }

  BatchState state() {
    return new BatchState(
        fingerprint, batch, boxed(passes), boxed(positions), counter.report(), new byte[0]);
  }

  private static List<Long> boxed(long[] values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  void resume(BatchState state) {
    boolean fits = state.fingerprint().equals(fingerprint);
    fits &= state.passes().size() == passes.length && state.positions().size() == passes.length;
    for (int i = 0; fits && i < passes.length; i++) {
      fits = state.positions().get(i) <= data.loaders().get(i).source().size();
    }
    if (!fits) {
      throw new InvalidRequestException(
          "expected the data and settings with which the run was begun, found others; give the"
              + " same files, loaders and seed, or begin a new run");
    }
    batch = state.batch();
    for (int i = 0; i < passes.length; i++) {
      passes[i] = state.passes().get(i);
      positions[i] = state.positions().get(i);
    }
    counter.restore(state.report());
  }

  /** The next batch, or nothing at the end of data that are not repeated. */
  Optional<PreparedBatch> next() {
    List<PreparedRow> rows = new ArrayList<>();
    List<Integer> chosen = chosenLoaders();
    for (int loader : chosen) {
      for (int i = 0; i < preparers.get(loader).loader().rows(); i++) {
        Optional<PreparedRow> row = row(loader);
        if (row.isEmpty()) {
          requireOneBatch(preparers.get(loader).loader());
          return Optional.empty();
        }
        rows.add(row.get());
      }
    }
    rows.forEach(row -> counter.row());
    batch++;
    int length = chosen.stream().mapToInt(i -> data.loaders().get(i).length()).max().orElseThrow();
    int spans = rows.stream().mapToInt(row -> row.images().size()).max().orElseThrow();
    return Optional.of(
        new PreparedBatch(rows, preparers.get(chosen.get(0)), length, spans, state()));
  }

  private void requireOneBatch(RowLoader loader) {
    if (batch == 0) {
      throw new InvalidRequestException(
          loader.name()
              + ": expected examples for one batch, "
              + loader.rows()
              + " or more, found fewer that can be used\n"
              + counter.report().text());
    }
  }

  private List<Integer> chosenLoaders() {
    List<Integer> chosen = new ArrayList<>();
    switch (data.mixing()) {
      case SIDE_BY_SIDE -> {
        for (int i = 0; i < preparers.size(); i++) {
          chosen.add(i);
        }
      }
      case IN_TURN -> chosen.add((int) (batch % preparers.size()));
      case BY_WEIGHT -> {
        double sum = data.loaders().stream().mapToDouble(RowLoader::weight).sum();
        double drawn = new SeededChoice(data.seed(), MIXING, batch).next() * sum;
        int loader = 0;
        while (loader < preparers.size() - 1 && drawn >= data.loaders().get(loader).weight()) {
          drawn -= data.loaders().get(loader++).weight();
        }
        chosen.add(loader);
      }
    }
    return chosen;
  }

  /** The next usable row of a loader. */
  private Optional<PreparedRow> row(int loader) {
    RowPreparer preparer = preparers.get(loader);
    ExampleSource source = preparer.loader().source();
    for (long unusable = 0; unusable < source.size(); unusable++) {
      if (positions[loader] == source.size()) {
        if (!data.repeated() && loader == data.passLoader()) {
          return Optional.empty();
        }
        passes[loader]++;
        positions[loader] = 0;
      }
      Optional<PreparedRow> row = rowAt(loader, preparer, source);
      positions[loader]++;
      if (row.isPresent()) {
        return row;
      }
    }
    if (!data.repeated() && loader == data.passLoader()) {
      return Optional.empty();
    }
    throw new InvalidRequestException(
        preparer.loader().name()
            + ": none of "
            + source.size()
            + " examples can be used\n"
            + counter.report().text());
  }

  private Optional<PreparedRow> rowAt(int loader, RowPreparer preparer, ExampleSource source) {
    long pass = passes[loader];
    long position = positions[loader];
    long index =
        preparer.loader().shuffled()
            ? new Shuffle(source.size(), data.seed(), loader, pass).index(position)
            : position;
    String origin = source.origin(index);
    try {
      SeededChoice random = new SeededChoice(data.seed(), loader, pass, position);
      return Optional.of(preparer.prepare(source.read(index), origin, random, counter, true));
    } catch (BadExampleException e) {
      String message = origin + ": " + e.getMessage();
      counter.problem(e.problem(), message);
      if (data.badExamples() == BadExamples.STOP) {
        throw new InvalidRequestException(
            message + "; mend or remove it, or let unusable examples be skipped", e);
      }
      return Optional.empty();
    }
  }
}
