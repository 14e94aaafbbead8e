package dev.showo2.stage;

import org.apiguardian.api.API;

/**
 * The keys and values of the positions that a transformer has seen, for all its layers and a batch
 * of sequences of equal length. Belongs to the stage that made it and is used by one thread at a
 * time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface KvCache extends AutoCloseable {

  /** {@return the number of positions held so far; the next segment starts at this position} */
  int length();

  /** {@return the number of sequences held side by side} */
  int batch();

  /**
   * {@return a second cache with the same content} Appending to one leaves the other as it was;
   * both are closed on their own.
   */
  KvCache fork();

  /**
   * Forgets all positions from {@code length} on.
   *
   * @param length the number of positions to keep
   * @throws IllegalArgumentException if {@code length} is negative or above {@link #length()}
   */
  void truncate(int length);

  /** Frees the memory. Throws nothing; a second call does nothing. */
  @Override
  void close();
}
