package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import java.util.Optional;

/** Flow time to time vector and time token (SPEC 3). */
final class ReferenceTimeEmbedding implements TimeEmbedding {

  private static final double LONGEST_PERIOD = 10_000;

  private final Linear first;
  private final Linear second;

  /** From vector to token; absent when the two have one width. */
  private final Optional<Linear> projection;

  private final ReferenceContext context;

  ReferenceTimeEmbedding(ReferenceContext context) {
    Architecture architecture = context.architecture();
    Weights weights = context.weights();
    int width = architecture.flowHead().hiddenSize();
    this.first = weights.linear("time_embed.mlp.0", width, Architecture.TIME_FREQUENCIES);
    this.second = weights.linear("time_embed.mlp.2", width, width);
    this.projection =
        architecture.projectsHidden()
            ? Optional.of(
                weights.linear("time_embed_proj", architecture.backbone().hiddenSize(), width))
            : Optional.empty();
    this.context = context;
  }

  @Override
  public TimeFeatures embed(TimeEmbeddingRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              int batch = request.times().length;
              Matrix vector = second.apply(Ops.map(first.apply(sinusoid(request)), Ops::silu));
              Matrix token = projection.isPresent() ? projection.get().apply(vector) : vector;
              HostTensor vectors = vector.toTensor(batch, vector.columns());
              HostTensor tokens = token.toTensor(batch, 1, token.columns());
              return new TimeFeatures(context.tensor(vectors), context.tensor(tokens));
            });
  }

  /** [cos(t·f), sin(t·f)] with f falling from 1 to almost 1/10000. */
  private static Matrix sinusoid(TimeEmbeddingRequest request) {
    Matrix sinusoid = Matrix.zeros(request.times().length, Architecture.TIME_FREQUENCIES);
    int half = Architecture.TIME_FREQUENCIES / 2;
    for (int row = 0; row < sinusoid.rows(); row++) {
      for (int i = 0; i < half; i++) {
        double angle = request.times()[row] * Math.pow(LONGEST_PERIOD, -(double) i / half);
        sinusoid.values()[sinusoid.start(row) + i] = Math.cos(angle);
        sinusoid.values()[sinusoid.start(row) + half + i] = Math.sin(angle);
      }
    }
    return sinusoid;
  }
}
