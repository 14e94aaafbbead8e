package dev.showo2.pipeline;

import dev.showo2.sampler.TokenSampler;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;
import dev.showo2.text.TextStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Continues a sequence token by token: logits of the last position only, and one new position per
 * token (SPEC 7).
 *
 * @param maxTokens longest text, at least 1
 * @param stopIds tokens that end the text
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record TextGenerator(LoadedModel model, int maxTokens, Set<Integer> stopIds) {

  public TextGenerator {
    Objects.requireNonNull(model, "model");
    stopIds = Set.copyOf(stopIds);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max tokens: at least 1 is needed, got " + maxTokens);
    }
  }

  /**
   * @param cache holds the sequence and grows with the text
   * @param hidden hidden states [1, S, D] of the last segment; closed on return
   */
  public GeneratedText generate(
      KvCache cache, Tensor hidden, TokenSampler sampler, GenerationListener listener) {
    Backend backend = model.backend();
    TextStream stream = new TextStream(model.tokenizer());
    List<Integer> ids = new ArrayList<>();
    Tensor current = hidden;
    try {
      Run run = new Run(listener);
      while (true) {
        run.check();
        int id;
        try (Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(current))) {
          id = sampler.next(logits.toHost().values());
        }
        ids.add(id);
        boolean stop = stopIds.contains(id);
        boolean last = stop || ids.size() == maxTokens;
        // Bytes that never became a character are shown at the end, so that the pieces that a
        // listener gets are the whole text.
        String text = (stop ? "" : stream.append(id)) + (last ? stream.finish() : "");
        listener.token(new GeneratedToken(ids.size() - 1, id, text));
        if (last) {
          return result(ids, stop);
        }
        current.close();
        current = append(backend, cache, id);
      }
    } finally {
      current.close();
    }
  }

  private static Tensor append(Backend backend, KvCache cache, int id) {
    int[] one = {id};
    try (Tensor embedding = backend.textEmbedding().embed(TextEmbeddingRequest.repeated(one, 1))) {
      return backend
          .backbone()
          .append(new BackboneRequest(cache, List.of(embedding), Attention.CAUSAL));
    }
  }

  private GeneratedText result(List<Integer> ids, boolean stopped) {
    int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
    int[] shown = stopped ? Arrays.copyOf(all, all.length - 1) : all;
    return new GeneratedText(
        model.tokenizer().decode(shown, true),
        all,
        stopped ? GeneratedText.Finish.STOP_TOKEN : GeneratedText.Finish.MAX_TOKENS);
  }
}
