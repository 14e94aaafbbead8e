package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Omni-attention within each of the rows that are packed. All rows are one batch of the kernel, in
 * which short ones are padded.
 */
final class PackedAttention implements LayerAttention {

  /**
   * Query heads that share keys are a sequence of the batch, [rows · groups, heads of a group, L,
   * size], so that keys need not be repeated.
   */
  private static final TorchScript ATTEND =
      TorchScript.compile(
          List.of("queries", "keys", "values", "gather", "scatter", "mask"),
          List.of(),
          """
          count = torch.size(scatter, 0)
          heads = [torch.size(mask, 0), torch.size(mask, 2), -1, torch.size(queries, 3)]
          q = torch.embedding(torch.view(queries, [count, -1]), gather)
          k = torch.embedding(torch.view(keys, [count, -1]), gather)
          v = torch.embedding(torch.view(values, [count, -1]), gather)
          q = torch.transpose(torch.view(q, heads), 1, 2)
          shape = torch.size(q)
          k = torch.expand(torch.transpose(torch.view(k, heads), 1, 2), shape)
          v = torch.expand(torch.transpose(torch.view(v, heads), 1, 2), shape)
          y = torch.scaled_dot_product_attention(q, k, v, mask)
          y = torch.flatten(torch.flatten(torch.transpose(y, 1, 2), 2), 0, 1)
          y = torch.embedding(y, scatter)
          return [torch.view(y, [1, torch.size(queries, 1), -1])]
          """);

  /** −∞ where a key is hidden from a query. */
  private static final TorchScript MASK =
      TorchScript.compile(
          List.of("seen", "columns"),
          List.of(),
          """
          hidden = torch.unsqueeze(torch.ge(columns, torch.unsqueeze(seen, 2)), 1)
          zeros = torch.zeros_like(hidden, dtype=6)
          return [torch.masked_fill(zeros, hidden, float("-inf"))]
          """);

  private final DjlRotary.Rotation rotation;
  private final NDArray gather;
  private final NDArray scatter;
  private final NDArray mask;

  /**
   * @param heads of the queries
   * @param keyHeads of keys and values
   * @param scope to which the tables belong
   */
  PackedAttention(PackedRows packed, DjlRotary rotary, int heads, int keyHeads, NDManager scope) {
    this.rotation = rotary.at(packed.positions(), scope);
    int groups = heads == keyHeads ? 1 : keyHeads;
    List<Integer> lengths = packed.rowLengths();
    int longest = lengths.stream().mapToInt(length -> length).max().orElseThrow();
    int sequences = lengths.size() * groups;
    int[] padded = new int[sequences * longest];
    int[] unpadded = new int[packed.length() * groups];
    int[] seen = new int[sequences * longest];
    for (int sequence = 0; sequence < sequences; sequence++) {
      int group = sequence % groups;
      int[] indices = packed.indices(sequence / groups);
      int[] seenInRow = packed.seen(sequence / groups);
      for (int i = 0; i < longest; i++) {
        int position = sequence * longest + i;
        seen[position] = i + 1;
        if (i < indices.length) {
          padded[position] = indices[i] * groups + group;
          unpadded[padded[position]] = position;
          seen[position] = seenInRow[i];
        }
      }
    }
    this.gather = scope.create(padded);
    this.scatter = scope.create(unpadded);
    this.mask = MASK.call(scope.create(seen, new Shape(sequences, longest)), scope.arange(longest));
  }

  @Override
  public DjlRotary.Rotation rotation() {
    return rotation;
  }

  @Override
  public NDArray attend(int layer, NDArray queries, NDArray keys, NDArray values) {
    return ATTEND.call(queries, keys, values, gather, scatter, mask);
  }
}
