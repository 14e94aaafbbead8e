package dev.showo2.bench.internal;

import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The rates that a machine reaches: products on the backend, reading and copying in plain Java. */
final class RateRuns {

  private static final int ROWS = 730;
  private static final int REPEATS = 5;
  private static final int CALLS_ON_DEVICE = 16;
  private static final double LONG_SECONDS = 3;

  /** More than processors keep in their caches, all threads together, if the heap has it. */
  private static final long MOST_BYTES = 512L << 20;

  private RateRuns() {}

  /**
   * Multiplies by the language head of a bundle.
   *
   * @return floating-point operations a second, the most of several measurements
   */
  static double product(Path bundle, BackendProvider provider, BackendConfig config) {
    Bundle opened = Bundle.open(bundle, Integrity.SIZES);
    int hiddenSize = opened.architecture().backbone().hiddenSize();
    int tokens = opened.architecture().backbone().vocabularySize();
    // A device may return before it has computed: it is asked for several products, then waited
    // for.
    boolean device = !config.device().equals(Device.CPU);
    int calls = device ? CALLS_ON_DEVICE : 1;
    double seconds = Double.POSITIVE_INFINITY;
    try (Backend backend = provider.open(opened, config);
        Tensor hidden = RandomInputs.upload(backend, 1, ROWS, hiddenSize)) {
      for (int i = 0; i <= REPEATS; i++) {
        long start = System.nanoTime();
        for (int call = 0; call < calls; call++) {
          backend.languageHead().logits(LanguageHeadRequest.of(hidden, false)).close();
        }
        if (device) {
          try (Tensor row = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
            row.toHost();
          }
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        // The first warms up, unless there is no waiting for more.
        seconds = i == 0 && elapsed < LONG_SECONDS ? seconds : Math.min(seconds, elapsed);
        if (elapsed >= LONG_SECONDS) {
          break;
        }
      }
    }
    return 2.0 * ROWS * hiddenSize * tokens * calls / seconds;
  }

  /** Bytes a second that all threads read together. */
  static double read(int threads) throws InterruptedException {
    long[][] arrays = arrays(threads);
    return best(arrays, RateRuns::sum);
  }

  /** Bytes a second that all threads copy together, counted once read and once written. */
  static double copy(int threads) throws InterruptedException {
    long[][] arrays = arrays(threads);
    return best(
        arrays,
        array -> {
          System.arraycopy(array, 0, array, array.length / 2, array.length / 2);
          return array[array.length - 1];
        });
  }

  private static long[][] arrays(int threads) {
    long bytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 3);
    int length = (int) (bytes / threads / Long.BYTES);
    long[][] arrays = new long[threads][length];
    for (long[] array : arrays) {
      Arrays.setAll(array, i -> i);
    }
    return arrays;
  }

  /** Independent sums of whole words: nothing waits for anything but memory. */
  private static long sum(long[] array) {
    long first = 0;
    long second = 0;
    long third = 0;
    long fourth = 0;
    for (int i = 0; i < array.length - 3; i += 4) {
      first += array[i];
      second += array[i + 1];
      third += array[i + 2];
      fourth += array[i + 3];
    }
    return first + second + third + fourth;
  }

  /** Goes over the array of a thread. */
  private interface Pass {
    long over(long[] array);
  }

  private static double best(long[][] arrays, Pass pass) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(arrays.length);
    try {
      List<Callable<Long>> tasks = new ArrayList<>();
      for (long[] array : arrays) {
        tasks.add(() -> pass.over(array));
      }
      double seconds = Double.POSITIVE_INFINITY;
      long seen = 0;
      for (int i = 0; i <= REPEATS; i++) {
        long start = System.nanoTime();
        for (Future<Long> result : threads.invokeAll(tasks)) {
          seen += result.get();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        seconds = i == 0 ? seconds : Math.min(seconds, elapsed);
      }
      double bytes = (double) arrays.length * arrays[0].length * Long.BYTES;
      // The sums are used, so that the compiler leaves none out.
      return seen == Long.MIN_VALUE ? 0 : bytes / seconds;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdown();
    }
  }
}
