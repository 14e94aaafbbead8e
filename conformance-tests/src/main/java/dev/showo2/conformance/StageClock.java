package dev.showo2.conformance;

import dev.showo2.conformance.report.StageTime;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Counts and times the calls of stages, until they return: on a device, that may be before they are
 * computed. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StageClock {

  /** What is timed. The methods of the VAE's stages are those for images. */
  private static final Map<Class<?>, Stage> STAGES =
      Map.of(
          TextEmbedding.class, Stage.TEXT_EMBEDDING,
          TimeEmbedding.class, Stage.TIME_EMBEDDING,
          Fusion.class, Stage.FUSION,
          Backbone.class, Stage.BACKBONE,
          LanguageHead.class, Stage.LANGUAGE_HEAD,
          FlowHead.class, Stage.FLOW_HEAD,
          VaeEncoder.class, Stage.VAE_IMAGE_ENCODER,
          VaeDecoder.class, Stage.VAE_IMAGE_DECODER,
          VaeEncoderStream.class, Stage.VAE_VIDEO_ENCODER,
          VaeDecoderStream.class, Stage.VAE_VIDEO_DECODER);

  /** Methods that compute nothing. */
  private static final Set<String> OPENERS = Set.of("newCache", "openStream");

  private final AtomicLongArray calls = new AtomicLongArray(Stage.values().length);
  private final AtomicLongArray nanoseconds = new AtomicLongArray(Stage.values().length);

  /** Begins with no calls. */
  public StageClock() {}

  /**
   * Wraps a backend.
   *
   * @param backend whose calls are timed
   * @return the same backend, timed; tensors and caches are its own, and closing it closes it
   */
  public Backend around(Backend backend) {
    boolean fused = backend.capabilities().fusedDenoiseStep();
    return new ForwardingBackend(proxy(Backend.class, backend)) {
      @Override
      public DenoiseStep denoiseStep() {
        return fused ? super.denoiseStep() : composedDenoiseStep();
      }
    };
  }

  private <T> T proxy(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> timed(type, real, method, arguments)));
  }

  private Object timed(Class<?> type, Object real, Method method, Object[] arguments)
      throws Throwable {
    long start = System.nanoTime();
    try {
      return wrapped(method.getReturnType(), method.invoke(real, arguments));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      Stage stage = STAGES.get(type);
      if (stage != null && method.getParameterCount() == 1 && !OPENERS.contains(method.getName())) {
        calls.addAndGet(
            stage.ordinal(), arguments[0] instanceof List<?> requests ? requests.size() : 1);
        nanoseconds.addAndGet(stage.ordinal(), System.nanoTime() - start);
      }
    }
  }

  private <T> Object wrapped(Class<T> type, Object result) {
    return STAGES.containsKey(type) && result != null ? proxy(type, type.cast(result)) : result;
  }

  /** {@return calls and times of the stages that were used} */
  public List<StageTime> times() {
    return Arrays.stream(Stage.values())
        .flatMap(
            stage ->
                calls.get(stage.ordinal()) == 0
                    ? Stream.empty()
                    : Stream.of(
                        new StageTime(
                            stage,
                            calls.get(stage.ordinal()),
                            Duration.ofNanos(nanoseconds.get(stage.ordinal())))))
        .toList();
  }
}
