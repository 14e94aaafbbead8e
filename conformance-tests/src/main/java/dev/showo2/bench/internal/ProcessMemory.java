package dev.showo2.bench.internal;

import com.google.gson.JsonObject;

/**
 * The memory of this process. Linux keeps the peak of all resident memory; that of anonymous
 * memory, which no file backs, is sampled. Thread-safe.
 */
final class ProcessMemory {

  private static final long PERIOD_MILLISECONDS = 20;
  private static final String STATUS = "/proc/self/status";

  private volatile long peakAnonymous;
  private volatile long afterOpen;
  private volatile long afterStep;

  /** Samples until the process ends. */
  void start() {
    Thread sampler = new Thread(this::sample, "showo2-bench-memory");
    sampler.setDaemon(true);
    sampler.start();
  }

  private void sample() {
    try {
      while (anonymous() > 0) {
        Thread.sleep(PERIOD_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long anonymous() {
    long now = ProcFields.read(STATUS).bytes("RssAnon");
    peakAnonymous = Math.max(peakAnonymous, now);
    return now;
  }

  void opened() {
    afterOpen = anonymous();
  }

  void stepped() {
    afterStep = anonymous();
  }

  /** Bytes; 0 where the system does not say. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("peak_resident", ProcFields.read(STATUS).bytes("VmHWM"));
    json.addProperty("peak_anonymous", peakAnonymous);
    json.addProperty("anonymous_after_open", afterOpen);
    json.addProperty("anonymous_after_step", afterStep);
    return json;
  }
}
