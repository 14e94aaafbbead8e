package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedText.Finish;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.FiniteValues;
import dev.showo2.sampler.internal.RepetitionPenalty;
import dev.showo2.sampler.internal.TokenSampler;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;
import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.TextStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Generates text token by token: logits of the last position only, and one new position per token
 * (SPEC 7).
 *
 * @param model that generates
 * @param options of the text; their seed is not used, a generator is passed to each call
 * @param stopIds tokens that end the text
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record TextGenerator(LoadedModel model, TextOptions options, Set<Integer> stopIds) {

  public TextGenerator {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    stopIds = Set.copyOf(stopIds);
  }

  /**
   * Generates a text. The cache then contains all its tokens but the last one.
   *
   * @param cache KV cache of the sequence; grows with the text
   * @param hidden hidden states [1, S, D] of the last segment; closed on return
   * @param before the sequence's token ids so far, to which the repetition penalty applies as to
   *     those of the text itself, as in transformers; only the stop tokens, which also end earlier
   *     turns, are exempt, so that a text can still end
   * @param random generator for sampled tokens
   * @param run context of the request, whose listener receives each token
   * @return the text
   */
  public GeneratedText generate(
      KvCache cache, Tensor hidden, int[] before, TorchRandom random, RequestContext run) {
    TokenSampler sampler = new TokenSampler(options.sampling(), random);
    RepetitionPenalty penalty = new RepetitionPenalty(options.repetitionPenalty(), stopIds);
    penalty.see(before);
    StopSequenceFilter shown = new StopSequenceFilter(model.tokenizer(), options.stopSequences());
    List<Integer> ids = new ArrayList<>();
    Tensor current = hidden;
    try {
      while (true) {
        run.check();
        int id = sampler.next(penalty.apply(logits(current)));
        penalty.see(id);
        ids.add(id);
        boolean ended = stopIds.contains(id);
        String text = ended ? "" : shown.append(id);
        boolean last = ended || shown.stopped() || ids.size() == options.maxTokens();
        // Buffered text is flushed at the end, so that the listener's parts form the whole text.
        String piece = last ? text + shown.finish() : text;
        run.listener().token(new GeneratedToken(ids.size() - 1, id, piece));
        if (last) {
          return new GeneratedText(
              shown.toString(),
              ids.stream().mapToInt(Integer::intValue).toArray(),
              ended ? Finish.STOP_TOKEN : stopOrLimit(shown));
        }
        current.close();
        current = append(cache, id);
      }
    } finally {
      current.close();
    }
  }

  private static Finish stopOrLimit(StopSequenceFilter shown) {
    return shown.stopped() ? Finish.STOP_SEQUENCE : Finish.MAX_TOKENS;
  }

  private float[] logits(Tensor hidden) {
    FiniteValues.require("hidden states", hidden);
    try (Tensor logits = model.backend().languageHead().logits(LanguageHeadRequest.last(hidden))) {
      float[] values = logits.toHost().values();
      // Rows beyond the tokens are padding of the matrix: they mean nothing and are never chosen.
      int tokens = model.tokenizer().vocabularySize();
      return tokens < values.length ? Arrays.copyOf(values, tokens) : values;
    }
  }

  private Tensor append(KvCache cache, int id) {
    Backend backend = model.backend();
    int[] one = {id};
    try (Tensor embedding = backend.textEmbedding().embed(TextEmbeddingRequest.repeated(one, 1))) {
      return backend
          .backbone()
          .append(BackboneRequest.of(cache, List.of(embedding), Attention.CAUSAL));
    }
  }

  /**
   * Decodes a text while it is generated, up to its first stop sequence. Text that may begin a stop
   * sequence is buffered until that is decided.
   */
  static final class StopSequenceFilter {

    private final TextStream stream;
    private final List<String> stopSequences;
    private final StringBuilder shown = new StringBuilder();
    private String held = "";
    private boolean stopped;

    StopSequenceFilter(TextTokenizer tokenizer, List<String> stopSequences) {
      this.stream = new TextStream(tokenizer);
      this.stopSequences = stopSequences;
    }

    /**
     * Decodes the next token.
     *
     * @return the text that has become certain, often empty
     */
    String append(int id) {
      return show(stream.append(id));
    }

    /** The buffered text, including bytes that never formed a character. */
    String finish() {
      String rest = show(stream.finish());
      String last = held;
      held = "";
      shown.append(last);
      return rest + last;
    }

    /** Whether a stop sequence has occurred; the text ends before it. */
    boolean stopped() {
      return stopped;
    }

    /** The text returned so far. */
    @Override
    public String toString() {
      return shown.toString();
    }

    private String show(String piece) {
      held += piece;
      int first =
          stopSequences.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
      stopped |= first >= 0;
      int end = stopped ? Math.max(first, 0) : held.length() - possibleBeginning();
      String certain = held.substring(0, end);
      held = stopped ? "" : held.substring(end);
      shown.append(certain);
      return certain;
    }

    /** The number of characters at the end that a stop sequence begins with. */
    private int possibleBeginning() {
      int longest = 0;
      for (String sequence : stopSequences) {
        for (int length = Math.min(sequence.length() - 1, held.length());
            length > longest;
            length--) {
          if (sequence.startsWith(held.substring(held.length() - length))) {
            longest = length;
          }
        }
      }
      return longest;
    }
  }
}
