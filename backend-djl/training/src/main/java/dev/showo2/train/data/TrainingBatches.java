package dev.showo2.train.data;

import dev.showo2.error.CancelledException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.BatchSource;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.MicroBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apiguardian.api.API;

/**
 * Batches of training data, drawn one after the other. Texts and images are read ahead on a thread
 * of its own; the VAE runs on the thread that asks. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingBatches implements BatchSource {

  private final TrainingData data;
  private final BatchPreparer preparer;
  private final LatentEncoder encoder;
  private final Optional<FeatureEncoder> features;
  private final Optional<TensorCache> cache;
  private final Optional<ExecutorService> reading;
  private final Deque<Future<Read>> ahead = new ArrayDeque<>();
  private TorchRandom random;
  private DataReport report;
  // Nothing follows the end or a failure until a position is resumed.
  private Optional<Read> last = Optional.empty();
  private boolean closed;

  /** The result of a task: a batch, nothing at the end, or a failure. */
  private record Read(
      Optional<PreparedBatch> batch, Optional<RuntimeException> failure, DataReport report) {}

  TrainingBatches(TrainingData data, Backend backend) {
    this.data = data;
    cache = data.cacheFolder().map(TensorCache::open);
    features =
        data.features()
            .map(source -> new FeatureEncoder(source, source.cache().map(TensorCache::open)));
    preparer = new BatchPreparer(data, cache, features);
    encoder = new LatentEncoder(backend, cache);
    random = new TorchRandom(data.seed());
    report = preparer.report();
    reading =
        data.readAhead() == 0
            ? Optional.empty()
            : Optional.of(
                Executors.newSingleThreadExecutor(
                    task -> {
                      Thread thread = new Thread(task, "showo2-training-data");
                      thread.setDaemon(true);
                      return thread;
                    }));
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.showo2.error.InvalidRequestException if an example cannot be used and none are to
   *     be skipped, naming file and line; or if no example can be used
   * @throws CancelledException if the thread is interrupted
   */
  @Override
  public Optional<Drawn> next() {
    requireOpen();
    Interruptions.check();
    Read read = last.isPresent() ? last.get() : reading.isPresent() ? awaited() : read();
    report = read.report();
    if (read.batch().isEmpty()) {
      last = Optional.of(read);
      discardAhead();
    }
    if (read.failure().isPresent()) {
      throw read.failure().get();
    }
    return read.batch().map(this::drawn);
  }

  private Drawn drawn(PreparedBatch batch) {
    List<List<HostTensor>> encoded = new ArrayList<>();
    List<String> origins = new ArrayList<>();
    for (PreparedRow row : batch.rows()) {
      for (int i = 0; i < batch.spans(); i++) {
        PreparedImage image = i < row.images().size() ? row.images().get(i) : PreparedImage.BLANK;
        encoded.add(encoder.encode(image, batch.preparer()));
      }
      origins.add(row.origin());
    }
    int tokens = batch.preparer().imageTokens(data.architecture().pixelsPerToken());
    BatchNoise.Noised images =
        BatchNoise.of(batch, encoded, data.sampledLatents(), new LinearPath(tokens), random);
    BatchState next = batch.next();
    return new Drawn(
        microBatch(batch, images),
        List.copyOf(origins),
        new BatchState(
                next.fingerprint(),
                next.batch(),
                next.passes(),
                next.positions(),
                next.report(),
                random.state())
            .toJson());
  }

  private MicroBatch microBatch(PreparedBatch batch, BatchNoise.Noised images) {
    if (features.isEmpty()) {
      return BatchNoise.rows(batch, images, data.tokenizer().specialTokens().pad());
    }
    Shape shape = data.features().orElseThrow().shape();
    int size = (int) shape.elementCount();
    float[] values = new float[Math.multiplyExact(batch.rows().size(), size)];
    for (int i = 0; i < batch.rows().size(); i++) {
      PreparedRow row = batch.rows().get(i);
      float[] own = features.get().encode(row.features().orElseThrow(), row.origin());
      System.arraycopy(own, 0, values, i * size, size);
    }
    return new DistillationBatch(
        images.latents(),
        new HostTensor(
            Shape.of(batch.rows().size(), shape.dimension(0), shape.dimension(1)), values));
  }

  @Override
  public List<String> losses() {
    return features.isEmpty() ? BatchSource.super.losses() : List.of("distillation");
  }

  private Read read() {
    try {
      Optional<PreparedBatch> batch = preparer.next();
      return new Read(batch, Optional.empty(), preparer.report());
    } catch (RuntimeException e) {
      return new Read(Optional.empty(), Optional.of(e), preparer.report());
    }
  }

  private Read awaited() {
    while (ahead.size() < data.readAhead()) {
      ahead.add(reading.orElseThrow().submit(this::read));
    }
    try {
      Read read = ahead.element().get();
      ahead.remove();
      if (read.batch().isPresent()) {
        ahead.add(reading.orElseThrow().submit(this::read));
      }
      return read;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Interruptions.check();
      throw new CancelledException("cancelled: the thread was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ends all tasks; the one that runs is waited for, since it changes the position. */
  private void discardAhead() {
    for (Future<Read> task : ahead) {
      task.cancel(false);
    }
    ahead.clear();
    reading.ifPresent(
        executor -> {
          try {
            Interruptions.uninterrupted(() -> executor.submit(() -> null).get());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Override
  public long batchesPerPass() {
    RowLoader loader = data.loaders().get(data.passLoader());
    double batches = Math.max(1, loader.source().size() / loader.rows());
    double all =
        switch (data.mixing()) {
          case SIDE_BY_SIDE -> batches;
          case IN_TURN -> batches * data.loaders().size();
          case BY_WEIGHT ->
              batches
                  * data.loaders().stream().mapToDouble(RowLoader::weight).sum()
                  / loader.weight();
        };
    return Math.max(1, Math.round(all));
  }

  @Override
  public void resume(String state) {
    requireOpen();
    BatchState parsed = BatchState.parse(state);
    TorchRandom restored = parsed.restoredRandom();
    discardAhead();
    preparer.resume(parsed);
    last = Optional.empty();
    random = restored;
    report = preparer.report();
  }

  /**
   * Counts rows and problems up to the last batch that was drawn, or that ended with an error;
   * those before the state at which a run was resumed are included.
   *
   * @return the counts
   */
  public DataReport report() {
    return report;
  }

  /**
   * Returns the size of the cache of latents.
   *
   * @return in bytes; 0 if there is none
   */
  public long cachedBytes() {
    return cache.map(TensorCache::bytes).orElse(0L);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      // Sources may be closed after the running task alone, which reads one batch at most.
      try {
        discardAhead();
      } finally {
        reading.ifPresent(ExecutorService::shutdown);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the training data are closed");
    }
  }
}
