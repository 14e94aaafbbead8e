package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Several images, or videos of one length, at once. */
final class VaeBatches {

  private static final String HINT =
      "look at where rows meet: the attention of the middle block is among the positions of one"
          + " frame, the norms are over channels alone, and a reshape that folds frames into the"
          + " batch must unfold them in the same order";

  private static final int ROWS = 1;
  private static final int COLUMNS = 2;

  private VaeBatches() {}

  static List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Coding coding : Coding.values()) {
      checks.add(
          Check.of(
              Rule.V09,
              coding.verb() + " three images",
              (trial, results) -> {
                results.hint(HINT);
                EachRow.compare(
                    results,
                    coding.input(1, 3, 0, ROWS, COLUMNS),
                    images -> coding.image(trial.backend(), images));
              },
              coding.imageStage()));
      checks.add(
          Check.of(
              Rule.V09,
              coding.verb() + " two videos",
              (trial, results) -> {
                results.hint(HINT + "; the past of a stream has a row for each video");
                videos(coding, trial.backend(), results);
              },
              coding.videoStage()));
    }
    return checks;
  }

  private static void videos(Coding coding, Backend backend, Checks checks) {
    List<HostTensor> chunks = coding.video(1, 2, 3, ROWS, COLUMNS);
    List<HostTensor> together = coding.video(backend, chunks);
    List<HostTensor> first = coding.video(backend, row(chunks, 0));
    List<HostTensor> second = coding.video(backend, row(chunks, 1));
    for (int i = 0; i < chunks.size(); i++) {
      checks.pieces(
          "rows of chunk " + i,
          together.get(i),
          HostTensors.join(List.of(first.get(i), second.get(i)), 0));
    }
  }

  private static List<HostTensor> row(List<HostTensor> chunks, int row) {
    return chunks.stream().map(chunk -> HostTensors.slice(chunk, 0, row, 1)).toList();
  }
}
