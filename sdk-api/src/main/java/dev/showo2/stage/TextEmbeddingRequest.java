package dev.showo2.stage;

import dev.showo2.error.InvalidRequestException;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Tokens to be embedded. Immutable; further fields can be added without breaking those who make or
 * read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TextEmbeddingRequest {

  private final int[][] ids;

  private TextEmbeddingRequest(int[][] ids) {
    this.ids = ids;
  }

  /**
   * Makes a request.
   *
   * @param ids token ids [B][S], all rows of equal length, each id in 0 … vocabulary size - 1; not
   *     copied, so that nobody may write to them afterwards
   * @return the request
   * @throws InvalidRequestException if there is no id at all or the rows differ in length
   */
  public static TextEmbeddingRequest of(int[][] ids) {
    if (ids.length == 0 || ids[0].length == 0) {
      throw new InvalidRequestException("at least one row of at least one token id is needed");
    }
    for (int[] row : ids) {
      if (row.length != ids[0].length) {
        throw new InvalidRequestException(
            "rows of one length are needed, found "
                + Arrays.toString(Arrays.stream(ids).mapToInt(r -> r.length).toArray()));
      }
    }
    return new TextEmbeddingRequest(ids);
  }

  /**
   * {@return a request with the same token ids in each of {@code batch} rows}
   *
   * @param ids token ids of one row
   * @param batch rows, at least 1
   */
  public static TextEmbeddingRequest repeated(int[] ids, int batch) {
    int[][] rows = new int[batch][];
    Arrays.fill(rows, ids);
    return of(rows);
  }

  /** {@return token ids [B][S], all rows of equal length, each id in 0 … vocabulary size - 1} */
  public int[][] ids() {
    return ids;
  }
}
