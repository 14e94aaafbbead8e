package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Checks of rules V-08 and V-09: streams and rows of batches do not affect each other. */
final class VaeIsolationChecks {

  private static final String STREAMS_HINT =
      "look at the state of the streams: each stream has its own, made when it is opened, and"
          + " neither images nor the end of another stream touch it";

  private static final int CHUNKS = 3;
  private static final int ROWS = 1;
  private static final int COLUMNS = 2;

  private static final String ROWS_HINT =
      "look at where rows meet: the attention of the middle block is among the positions of one"
          + " frame, the norms are over channels alone, and a reshape that folds frames into the"
          + " batch must unfold them in the same order";

  private VaeIsolationChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    for (VaeCoding coding : VaeCoding.values()) {
      checks.add(
          Check.of(
              Rule.V08,
              coding.verb() + " two in turn",
              (context, results) -> v08InterleavedStreams(coding, context.backend(), results),
              coding.videoStage()));
    }
    for (VaeCoding coding : VaeCoding.values()) {
      checks.add(
          Check.of(
              Rule.V08,
              coding.verb() + " images in between",
              (context, results) -> v08ImagesBetweenChunks(coding, context.backend(), results),
              coding.imageStage(),
              coding.videoStage()));
    }
    for (VaeCoding coding : VaeCoding.values()) {
      checks.add(
          Check.of(
              Rule.V09,
              coding.verb() + " three images",
              (context, results) -> v09RowsOfImages(coding, context.backend(), results),
              coding.imageStage()));
      checks.add(
          Check.of(
              Rule.V09,
              coding.verb() + " two videos",
              (context, results) -> v09RowsOfVideos(coding, context.backend(), results),
              coding.videoStage()));
    }
    return checks;
  }

  private static void v09RowsOfImages(VaeCoding coding, Backend backend, Checks checks) {
    checks.hint(ROWS_HINT);
    BatchRows.compare(
        checks, coding.input(1, 3, 0, ROWS, COLUMNS), images -> coding.image(backend, images));
  }

  /** Of one size, so that the state of one would fit the other. */
  private static void v08InterleavedStreams(VaeCoding coding, Backend backend, Checks checks) {
    checks.hint(STREAMS_HINT);
    List<HostTensor> one = coding.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> other = coding.video(10, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> oneAlone = coding.video(backend, one);
    List<HostTensor> otherAlone = coding.video(backend, other);
    try (VaeCoding.Stream second = coding.open(backend)) {
      try (VaeCoding.Stream first = coding.open(backend)) {
        for (int i = 0; i < CHUNKS; i++) {
          checks.compare(
              "first stream, chunk " + i,
              first.next(one.get(i)),
              oneAlone.get(i),
              Within.SAME_CALL);
          if (i < CHUNKS - 1) {
            checks.compare(
                "second stream, chunk " + i,
                second.next(other.get(i)),
                otherAlone.get(i),
                Within.SAME_CALL);
          }
        }
      }
      int last = CHUNKS - 1;
      checks.compare(
          "second stream after the first was closed",
          second.next(other.get(last)),
          otherAlone.get(last),
          Within.SAME_CALL);
    }
  }

  private static void v08ImagesBetweenChunks(VaeCoding coding, Backend backend, Checks checks) {
    checks.hint(STREAMS_HINT);
    List<HostTensor> chunks = coding.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> alone = coding.video(backend, chunks);
    HostTensor image = coding.input(20, 1, 0, ROWS, COLUMNS);
    HostTensor imageAlone = coding.image(backend, image);
    try (VaeCoding.Stream stream = coding.open(backend)) {
      for (int i = 0; i < CHUNKS; i++) {
        checks.compare("chunk " + i, stream.next(chunks.get(i)), alone.get(i), Within.SAME_CALL);
        checks.compare(
            "image after chunk " + i, coding.image(backend, image), imageAlone, Within.SAME_CALL);
      }
    }
  }

  private static void v09RowsOfVideos(VaeCoding coding, Backend backend, Checks checks) {
    List<HostTensor> chunks = coding.video(1, 2, 3, ROWS, COLUMNS);
    List<HostTensor> together = coding.video(backend, chunks);
    List<HostTensor> first = coding.video(backend, row(chunks, 0));
    List<HostTensor> second = coding.video(backend, row(chunks, 1));
    for (int i = 0; i < chunks.size(); i++) {
      checks.compare(
          "rows of chunk " + i,
          together.get(i),
          HostTensors.join(List.of(first.get(i), second.get(i)), 0),
          Within.PIECES);
    }
  }

  private static List<HostTensor> row(List<HostTensor> chunks, int row) {
    return chunks.stream().map(chunk -> HostTensors.slice(chunk, 0, row, 1)).toList();
  }
}
