package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.internal.check.ConcurrentRun;
import dev.showo2.conformance.internal.check.pipeline.TrackedRequest;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.TimeEmbeddingRequest;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backends that fail with other threads, or with requests that end early. */
class RequestRulesTest extends TwistedBackendTest {

  /** An engine that has room for one call at a time, and whose first call waits for a second. */
  private static Twist oneAtATime() {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    return Twist.at(
        "Backbone.append",
        call -> {
          if (!Thread.currentThread().getName().startsWith(ConcurrentRun.NAME)) {
            return call.proceed();
          }
          if (calls.getAndIncrement() > 0) {
            second.countDown();
            throw new IllegalStateException("engine: busy");
          }
          assertTrue(second.await(1, TimeUnit.MINUTES), "no other thread came");
          return call.proceed();
        });
  }

  @ParameterizedTest
  @CsvSource({"R12, all stages", "P12, images and answers"})
  void oneCallAtATime(Rule rule, String check) {
    assertFails(
        rule,
        check,
        oneAtATime(),
        "one of the concurrent threads failed with java.lang.IllegalStateException: engine: busy");
  }

  /** Times are mixed up from the third on. */
  private static Twist tired() {
    AtomicInteger calls = new AtomicInteger();
    return Twist.at(
        "TimeEmbedding.embed",
        call -> {
          TimeEmbeddingRequest right = (TimeEmbeddingRequest) call.arguments()[0];
          return calls.getAndIncrement() < 2
              ? call.proceed()
              : call.method()
                  .invoke(call.real(), TimeEmbeddingRequest.repeated(0.5f, right.times().length));
        });
  }

  @ParameterizedTest
  @CsvSource({"P10, image", "P11, image", "P10, video"})
  void anotherImageAfterwards(Rule rule, String check) {
    assertFails(rule, check, tired(), "the next request, latents max abs", "too far off");
  }

  @Test
  void pointsAreSpreadFromTheFirstToTheLast() {
    assertEquals(Set.of(0, 9, 19, 29), TrackedRequest.spread(30, 4));
    assertEquals(Set.of(0, 1), TrackedRequest.spread(2, 4));
  }
}
