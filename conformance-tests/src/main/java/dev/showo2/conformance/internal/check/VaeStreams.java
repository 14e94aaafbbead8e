package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** What goes on beside a stream is nothing to it. */
final class VaeStreams {

  private static final String HINT =
      "look at what is kept of the past: each stream has its own, made when it is opened, and"
          + " neither images nor the end of another stream touch it";

  private static final int CHUNKS = 3;
  private static final int ROWS = 1;
  private static final int COLUMNS = 2;

  private VaeStreams() {}

  static List<Check> checks() {
    return List.of(
        interleaved(Coding.ENCODE),
        interleaved(Coding.DECODE),
        besideImages(Coding.ENCODE),
        besideImages(Coding.DECODE));
  }

  private static Check interleaved(Coding coding) {
    return Check.of(
        Rule.V08,
        coding.verb() + " two in turn",
        (trial, checks) -> interleaved(coding, trial.backend(), checks),
        coding.videoStage());
  }

  private static Check besideImages(Coding coding) {
    return Check.of(
        Rule.V08,
        coding.verb() + " images in between",
        (trial, checks) -> besideImages(coding, trial.backend(), checks),
        coding.imageStage(),
        coding.videoStage());
  }

  /** Of one size, so that the past of one would fit the other. */
  private static void interleaved(Coding coding, Backend backend, Checks checks) {
    checks.hint(HINT);
    List<HostTensor> one = coding.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> other = coding.video(10, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> oneAlone = coding.video(backend, one);
    List<HostTensor> otherAlone = coding.video(backend, other);
    try (CodingStream second = coding.open(backend)) {
      try (CodingStream first = coding.open(backend)) {
        for (int i = 0; i < CHUNKS; i++) {
          checks.again("first stream, chunk " + i, first.next(one.get(i)), oneAlone.get(i));
          if (i < CHUNKS - 1) {
            checks.again("second stream, chunk " + i, second.next(other.get(i)), otherAlone.get(i));
          }
        }
      }
      int last = CHUNKS - 1;
      checks.again(
          "second stream after the first was closed",
          second.next(other.get(last)),
          otherAlone.get(last));
    }
  }

  private static void besideImages(Coding coding, Backend backend, Checks checks) {
    checks.hint(HINT);
    List<HostTensor> chunks = coding.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> alone = coding.video(backend, chunks);
    HostTensor image = coding.input(20, 1, 0, ROWS, COLUMNS);
    HostTensor imageAlone = coding.image(backend, image);
    try (CodingStream stream = coding.open(backend)) {
      for (int i = 0; i < CHUNKS; i++) {
        checks.again("chunk " + i, stream.next(chunks.get(i)), alone.get(i));
        checks.again("image after chunk " + i, coding.image(backend, image), imageAlone);
      }
    }
  }
}
