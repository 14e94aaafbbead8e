package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Set;

/** Flow times to time vectors and time tokens. */
final class TimeEmbeddingRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("time_embedding");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.H01;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.TIME_EMBEDDING);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    Backend backend = subject.backend();
    TimeEmbeddingRequest request = new TimeEmbeddingRequest(golden.floats("t").values());
    HostTensor token = golden.floats("token");
    Shape shape = token.shape();
    try (TimeFeatures features = backend.timeEmbedding().embed(request)) {
      checks.stage("head", features.vector(), golden.floats("head"));
      checks.stage(
          "token", features.token(), token.reshape(shape.dimension(0), 1, shape.dimension(1)));
    }
  }
}
