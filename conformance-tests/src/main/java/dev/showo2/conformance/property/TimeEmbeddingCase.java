package dev.showo2.conformance.property;

import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import java.util.List;

/**
 * @param times one for each row, from 0 to 1
 */
record TimeEmbeddingCase(List<Float> times) implements StageCase {

  @Override
  public void run(StageRun run) {
    if (run.compares(Stage.TIME_EMBEDDING)) {
      float[] rows = new float[times.size()];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = times.get(row);
      }
      TimeFeatures features = run.backend().timeEmbedding().embed(new TimeEmbeddingRequest(rows));
      try (features) {
        run.keep("time vector", features.vector());
        run.keep("time token", features.token());
      }
    }
  }
}
