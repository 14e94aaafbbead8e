package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.StageArguments.LanguageHeadArguments;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The small stages: token ids and times to vectors, and hidden states to logits. */
final class DjlEmbeddings {

  private DjlEmbeddings() {}

  /**
   * Token ids to rows of the embedding matrix.
   *
   * @param matrix [V, D]
   */
  record OfText(DjlContext context, NDArray matrix) implements TextEmbedding {

    private static final String KEY = "showo.model.embed_tokens.weight";

    static OfText of(DjlContext context, DjlWeights weights) {
      Architecture.Decoder sizes = context.architecture().backbone();
      return new OfText(context, weights.array(KEY, sizes.vocabularySize(), sizes.hiddenSize()));
    }

    @Override
    public Tensor embed(TextEmbeddingRequest request) {
      return context.scoped(
          Stage.TEXT_EMBEDDING,
          scope -> {
            int[] ids = context.arguments().textEmbedding(request);
            int batch = request.ids().length;
            NDArray indexes = scope.create(ids).reshape(batch, ids.length / batch);
            return context.tensor(
                indexes
                    .getNDArrayInternal()
                    .embedding(indexes, matrix, SparseFormat.DENSE)
                    .singletonOrThrow());
          });
    }
  }

  /**
   * Flow time to time vector and time token (SPEC 3).
   *
   * @param network from sinusoid [B, 256] to vector [B, H]
   * @param projection from vector to token; absent when the two have one size
   */
  record OfTime(
      DjlContext context,
      UnaryOperator<NDArray> network,
      Optional<UnaryOperator<NDArray>> projection)
      implements TimeEmbedding {

    private static final double LONGEST_PERIOD = 10_000;

    static OfTime of(DjlContext context, DjlWeights weights) {
      Architecture architecture = context.architecture();
      int width = architecture.flowHead().hiddenSize();
      int token = architecture.backbone().hiddenSize();
      return new OfTime(
          context,
          weights
              .linear("time_embed.mlp.0", width, Architecture.TIME_FREQUENCIES)
              .then(ScriptTerm.SILU)
              .then(weights.linear("time_embed.mlp.2", width, width))
              .compiled(),
          architecture.projectsHidden()
              ? Optional.of(weights.linear("time_embed_proj", token, width).compiled())
              : Optional.empty());
    }

    @Override
    public TimeFeatures embed(TimeEmbeddingRequest request) {
      return context.scoped(
          Stage.TIME_EMBEDDING,
          scope -> {
            NDArray vector = vector(sinusoid(request.times(), scope));
            NDArray token = projection.isPresent() ? projection.get().apply(vector) : vector;
            DjlTensor vectors = context.tensor(vector.duplicate());
            try {
              return new TimeFeatures(vectors, context.tensor(token.expandDims(1)));
            } catch (Throwable e) {
              vectors.close();
              throw e;
            }
          });
    }

    /**
     * @param sinusoid [B, 256]
     * @return [B, H]
     */
    NDArray vector(NDArray sinusoid) {
      return network.apply(sinusoid);
    }

    /** [cos(t·f), sin(t·f)] with f falling from 1 to almost 1/10000. */
    static NDArray sinusoid(float[] times, NDManager scope) {
      int size = Architecture.TIME_FREQUENCIES;
      int half = size / 2;
      float[] values = new float[times.length * size];
      for (int row = 0; row < times.length; row++) {
        for (int i = 0; i < half; i++) {
          double angle = times[row] * Math.pow(LONGEST_PERIOD, -(double) i / half);
          values[row * size + i] = (float) Math.cos(angle);
          values[row * size + half + i] = (float) Math.sin(angle);
        }
      }
      return NdScopes.copyOf(values, new Shape(times.length, size), scope);
    }
  }

  /** logits = hidden · Wᵀ, where W is the embedding matrix when tied (SPEC 5). */
  record Head(DjlContext context, UnaryOperator<NDArray> matrix) implements LanguageHead {

    static Head of(DjlContext context, DjlWeights weights) {
      Architecture.Decoder sizes = context.architecture().backbone();
      String key = sizes.tiedEmbeddings() ? "showo.model.embed_tokens" : "showo.lm_head";
      return new Head(
          context,
          weights.linearWithoutBias(key, sizes.vocabularySize(), sizes.hiddenSize()).compiled());
    }

    @Override
    public Tensor logits(LanguageHeadRequest request) {
      return context.scoped(
          Stage.LANGUAGE_HEAD,
          scope -> {
            LanguageHeadArguments<DjlTensor> checked = context.arguments().languageHead(request);
            NDArray hidden = NdScopes.view(checked.hidden().array(), scope);
            return context.tensor(
                matrix.apply(hidden.get(new NDIndex(":, {}:", checked.firstPosition()))));
          });
    }
  }
}
