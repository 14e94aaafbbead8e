package dev.showo2.export.internal.graph;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/** Names of weights that several graphs need; the others are in the graph that uses them. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class GraphKeys {

  static final String EMBEDDING = "showo.model.embed_tokens.weight";

  private GraphKeys() {}

  /** The linear layer of the language head: the embedding matrix itself when the two are tied. */
  static String languageHead(Architecture.Decoder backbone) {
    return backbone.tiedEmbeddings() ? "showo.model.embed_tokens" : "showo.lm_head";
  }

  /**
   * The two-dimensional kernel that a causal 3×3×3 convolution is for a single image: its last time
   * slice, because everything before the image is zero.
   */
  public static String imageKernel(String key) {
    return key + ".image";
  }

  /** Whether a weight of the VAE is the kernel of a causal 3×3×3 convolution. */
  public static boolean isCausalKernel(String key, Shape shape) {
    return key.endsWith(".weight") && shape.rank() == 5 && shape.dimension(3) == 3;
  }
}
