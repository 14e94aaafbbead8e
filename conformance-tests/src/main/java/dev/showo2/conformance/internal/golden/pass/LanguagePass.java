package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Token ids through the whole text path: embeddings, causal hidden states, logits.
 *
 * @param embeddings [B, S, D]
 * @param logits [B, S, V], of all positions
 * @param last [B, 1, V], asked for alone
 */
@API(status = API.Status.INTERNAL)
public record LanguagePass(HostTensor embeddings, HostTensor logits, HostTensor last) {

  /**
   * @param ids [B, S]
   */
  public static LanguagePass of(Backend backend, int[][] ids) {
    LanguageHead head = backend.languageHead();
    try (Tensor embeddings = backend.textEmbedding().embed(TextEmbeddingRequest.of(ids));
        KvCache cache = backend.backbone().newCache(CacheRequest.of(ids.length));
        Tensor hidden =
            backend
                .backbone()
                .append(BackboneRequest.of(cache, List.of(embeddings), Attention.CAUSAL));
        Tensor all = head.logits(LanguageHeadRequest.of(hidden, false));
        Tensor last = head.logits(LanguageHeadRequest.last(hidden))) {
      return new LanguagePass(embeddings.toHost(), all.toHost(), last.toHost());
    }
  }
}
