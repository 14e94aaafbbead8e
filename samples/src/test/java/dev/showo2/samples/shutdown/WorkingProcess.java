package dev.showo2.samples.shutdown;

import dev.showo2.ShowO2;
import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.error.CancelledException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.media.video.VideoReader;
import dev.showo2.media.video.VideoWriter;
import dev.showo2.model.Integrity;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Task;
import dev.showo2.samples.testing.MixedRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A program without an end of its own, which works until it is killed. Tells on standard output
 * what it does for the first time, and how its work ends.
 */
public final class WorkingProcess {

  private static final int THREADS = 3;

  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private WorkingProcess() {}

  /**
   * @param arguments a {@link Work}; a bundle; a folder for files; the id of a backend
   */
  public static void main(String[] arguments) throws IOException {
    Work work = Work.valueOf(arguments[0]);
    Path bundle = Path.of(arguments[1]);
    Path folder = Path.of(arguments[2]);
    String backend = arguments[3];
    // Keeps the JVM's shutdown going for a while, as other libraries' hooks do.
    Runtime.getRuntime().addShutdownHook(new Thread(WorkingProcess::dawdle));
    tell("started");
    switch (work) {
      case OPEN -> endless(() -> open(bundle, backend).close());
      case EXPORT -> export(folder);
      case SERVICE -> serve(bundle, backend, folder);
      case READ -> read(folder);
      default -> {
        ShowO2 model = open(bundle, backend);
        for (int i = 0; i < THREADS; i++) {
          long seed = i;
          MixedRequest request = MixedRequest.valueOf(work.name());
          Runnable one = () -> request.run(model, seed, folder, new Teller());
          new Thread(() -> endless(one), "work-" + i).start();
        }
      }
    }
  }

  /** The kinds of work. */
  enum Work {
    OPEN,
    EXPORT,
    SERVICE,
    READ,
    IMAGE,
    ASK,
    STORY,
    VIDEO
  }

  private static ShowO2 open(Path bundle, String backend) {
    tell("opening");
    ShowO2 model = ShowO2.builder(bundle).backend(backend).integrity(Integrity.SIZES).open();
    tell("opened");
    return model;
  }

  /** A service that answers what it has begun when it is asked to end, and nothing else. */
  private static void serve(Path bundle, String backend, Path folder) {
    ShowO2 model =
        ShowO2.builder(bundle).backend(backend).shutdownGrace(Duration.ofMinutes(5)).open();
    Thread request =
        new Thread(
            () ->
                endOr(
                    () -> {
                      MixedRequest.IMAGE.run(model, 1, folder, new Teller());
                      tell("answered");
                    }),
            "work");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    request.join();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  model.close();
                  tell("closed");
                }));
    request.start();
  }

  /** Reads a video, without a model. */
  private static void read(Path folder) {
    Path file = folder.resolve("video-1.mp4");
    BufferedImage frame = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
    VideoWriter.write(Collections.nCopies(100, frame), 8, file);
    for (int i = 0; i < THREADS; i++) {
      Runnable one =
          () -> {
            tell("reading");
            VideoReader.sample(file, 8);
          };
      new Thread(() -> endless(one), "work-" + i).start();
    }
  }

  private static void export(Path folder) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    DemoCheckpoint.copyTo(checkpoint);
    ExportListener listener =
        new ExportListener() {
          @Override
          public void phase(String what) {
            tell("exporting");
          }

          @Override
          public void progress(long done, long total) {
            tell(done < total / 2 ? "writing" : "half-written");
          }
        };
    for (int i = 0; ; i++) {
      Path bundle = folder.resolve("bundle-" + i);
      endOr(
          () -> {
            try {
              ModelExporter.export(ExportRequest.of(checkpoint, bundle), listener);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  private static void endless(Runnable work) {
    while (true) {
      endOr(work);
    }
  }

  /** Ends the thread, not the process, with the cancellation; whatever else happens is told. */
  private static void endOr(Runnable work) {
    try {
      work.run();
    } catch (CancelledException e) {
      tell("cancelled");
      park();
    } catch (Throwable e) {
      e.printStackTrace();
      tell("failed");
      park();
    }
  }

  private static synchronized void park() {
    while (true) {
      try {
        WorkingProcess.class.wait();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void dawdle() {
    long end = System.nanoTime() + 300_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void tell(String state) {
    if (TOLD.add(state)) {
      System.out.println(state);
      System.out.flush();
    }
  }

  /** Tells the states of a request. */
  private static final class Teller implements GenerationListener {

    @Override
    public void started(Task task) {
      tell("prefill");
    }

    @Override
    public void step(DenoisingStep step) {
      tell(step.index() < step.total() ? "step" : "decode");
    }

    @Override
    public void token(GeneratedToken token) {
      tell("token");
    }
  }
}
