package dev.showo2.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/** The work that is measured. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum BenchmarkStage {
  /** Reads all files of the bundle once and compares their hashes: the least that opening takes. */
  HASHES,
  /** Opens the bundle, hashes included, once for each process. */
  OPEN,
  /** Encodes an image. */
  VAE_ENCODE,
  /** Decodes an image. */
  VAE_DECODE,
  /** Fuses the latents of an image into tokens. */
  FUSION,
  /** One evaluation of the velocity with both branches of guidance, each after 100 positions. */
  GUIDED_STEP,
  /** A prompt up to the logits of its last position. */
  PREFILL,
  /** An image and a prompt, as long as that of {@link #PREFILL} with it, up to the first logits. */
  FIRST_TOKEN,
  /** One token of a text, after a prompt. */
  TEXT_TOKEN,
  /**
   * What a solver step of a request takes outside of the stages: solver, guidance, reading of
   * results and callbacks. Its operations are none. On the processor only: elsewhere a call of a
   * stage may return before it is computed.
   */
  OUTSIDE;

  /** {@return the name in results and on command lines, such as {@code guided_step}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a stage by its name.
   *
   * @param id such as {@code guided_step}
   * @return the stage
   * @throws IllegalArgumentException if there is none; the message lists all
   */
  public static BenchmarkStage of(String id) {
    return Arrays.stream(values())
        .filter(stage -> stage.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "one of "
                        + Arrays.stream(values())
                            .map(BenchmarkStage::id)
                            .collect(Collectors.joining(", "))
                        + " is needed, found '"
                        + id
                        + "'"));
  }

  /** Whether it reads files, and not memory. */
  boolean readsFiles() {
    return this == HASHES || this == OPEN;
  }
}
