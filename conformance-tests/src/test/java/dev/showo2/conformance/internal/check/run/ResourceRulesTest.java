package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendProvider;
import dev.showo2.testing.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Backends that leave something behind in the process. */
class ResourceRulesTest extends TwistedBackendTest {

  /** These checks repeat all stages many times, and values do not count. */
  @Override
  BackendProvider right() {
    return new FakeProvider("fake");
  }

  @Test
  void memoryThatIsNeverFreed() {
    List<ByteBuffer> leaked = new ArrayList<>();
    assertFails(
        Rule.R15,
        "all stages",
        Twist.at(
            "Fusion.fuse",
            call -> {
              ByteBuffer memory = ByteBuffer.allocateDirect(128 << 10);
              for (int page = 0; page < memory.capacity(); page += 4096) {
                memory.put(page, (byte) 1);
              }
              leaked.add(memory);
              return call.proceed();
            }),
        "memory outside the heap grew by",
        "and before that in the same way",
        "bytes a round",
        "not freed when they are closed");
    assertFalse(leaked.isEmpty());
  }

  @Test
  void filesThatStayOpen() throws IOException {
    List<InputStream> left = new ArrayList<>();
    assertFails(
        Rule.R16,
        "files and threads",
        Twist.at(
            "BackendProvider.open",
            call -> {
              left.add(Files.newInputStream(((Bundle) call.arguments()[0]).tokenizer()));
              return call.proceed();
            }),
        "there are 5 more after 5 times opening and closing",
        "tokenizer.json",
        "look at what open makes and close leaves");
    for (InputStream file : left) {
      file.close();
    }
  }

  @Test
  void threadsThatGoOn() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    try {
      assertFails(
          Rule.R16,
          "files and threads",
          Twist.at(
              "BackendProvider.open",
              call -> {
                // A thread takes its name as it begins to run; the check counts by name.
                CountDownLatch begun = new CountDownLatch(1);
                Thread thread =
                    new Thread(
                        () -> {
                          begun.countDown();
                          await(end);
                        },
                        "engine-worker");
                threads.add(thread);
                thread.start();
                await(begun);
                return call.proceed();
              }),
          "there are 5 more after 5 times opening and closing: [engine-worker]");
    } finally {
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPropertyThatIsSet() {
    AtomicInteger openings = new AtomicInteger();
    try {
      assertFails(
          Rule.R17,
          "system properties",
          Twist.at(
              "BackendProvider.open",
              call -> {
                System.setProperty("engine.openings", "" + openings.incrementAndGet());
                return call.proceed();
              }),
          "changed: [engine.openings from 1 to 2]",
          "hand settings to the engine itself");
    } finally {
      System.clearProperty("engine.openings");
    }
  }
}
