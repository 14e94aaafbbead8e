package dev.showo2.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.SpecialTokens;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Encodes text as token ids and decodes them, with the vocabulary of the language model and the
 * tokens that Show-o2 adds to it (SPEC 8).
 *
 * <p>Thread-safe; closing waits for running calls. Holds native memory until its opener closes it.
 * The tokenizer's native library is unpacked into the SDK's cache folder on first use; nothing is
 * downloaded and no usage is reported.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextTokenizer implements AutoCloseable {

  /** By default DJL truncates at 512 tokens. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  private final Path file;
  private final Map<String, Integer> addedTokens;
  private final int vocabularySize;
  private final SpecialTokens specialTokens;
  private final HuggingFaceTokenizer tokenizer;
  // DJL guards only against use after closing, not against closing during use.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Object plainLock = new Object();
  // Made when the first text needs it; most have no tokens in them.
  private HuggingFaceTokenizer plain;
  private boolean closed;

  private TextTokenizer(Path file, TokenizerJson json) {
    this.file = file;
    this.addedTokens = json.addedTokens();
    this.vocabularySize = json.vocabularySize();
    this.specialTokens = ShowO2SpecialTokens.resolve(this::id);
    // Last, so that an earlier failure has no native memory to free.
    this.tokenizer = create(file, json.text());
  }

  /**
   * Reads a {@code tokenizer.json} and adds, where they are absent, {@code [PAD]}, {@code <image>},
   * {@code <|vid_start|>} and {@code <|vid_end|>} with the next free ids. The file is not changed.
   *
   * @param tokenizerJson the file
   * @return the tokenizer, to be closed by the caller
   * @throws InvalidModelException if the file is missing, larger than 64 MiB, no tokenizer, or
   *     lacks a token that Show-o2 needs; the message names the file and the reason
   * @throws BackendException if the native tokenizer library cannot be loaded; the message names
   *     the reason, the folder and what to do
   */
  public static TextTokenizer load(Path tokenizerJson) {
    return new TextTokenizer(tokenizerJson, TokenizerJson.read(tokenizerJson));
  }

  private static HuggingFaceTokenizer create(Path file, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try {
      // The first one unpacks and loads the library.
      return Interruptions.uninterrupted(
          () ->
              TokenizerLibrary.call(
                  () ->
                      HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS)));
    } catch (ShowO2Exception e) {
      throw e;
    } catch (Exception e) {
      throw new InvalidModelException(
          file + ": the tokenizer library does not accept it: " + e.getMessage(), e);
    }
  }

  /**
   * Encodes a text of any length, without adding tokens or truncating; tokens such as {@code
   * <|im_start|>} are recognized within the text. A lone surrogate counts as U+FFFD.
   *
   * @param text may be empty
   * @return ids in 0..vocabularySize-1; empty for the empty text
   * @throws IllegalStateException if closed
   */
  public int[] encode(String text) {
    String valid = withoutLoneSurrogates(text);
    return encode(() -> tokenizer, valid);
  }

  /**
   * Encodes a text as {@link #encode} does, but takes tokens such as {@code <|im_start|>} within it
   * for the characters that they are spelled with. The first text that has one takes longer and
   * keeps more native memory, since the vocabulary is read once more.
   *
   * @param text may be empty
   * @return ids in 0..vocabularySize-1, none of an added token; empty for the empty text
   * @throws InvalidModelException if the file is not there any more, or another one
   * @throws IllegalStateException if closed
   */
  public int[] encodePlain(String text) {
    String valid = withoutLoneSurrogates(text);
    return encode(mayHaveAddedTokens(valid) ? this::plain : () -> tokenizer, valid);
  }

  /** Whether any normalization of the text has one; the result is the same if none has. */
  private boolean mayHaveAddedTokens(String text) {
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return addedTokens.keySet().stream()
        .anyMatch(token -> text.contains(token) || folded.contains(token.toLowerCase(Locale.ROOT)));
  }

  private HuggingFaceTokenizer plain() {
    synchronized (plainLock) {
      if (plain == null) {
        TokenizerJson json = TokenizerJson.read(file);
        if (!json.addedTokens().equals(addedTokens) || json.vocabularySize() != vocabularySize) {
          throw new InvalidModelException(
              file + ": was replaced by another tokenizer; open the model again");
        }
        plain = create(file, json.textWithoutAddedTokens());
      }
      return plain;
    }
  }

  private int[] encode(Supplier<HuggingFaceTokenizer> by, String valid) {
    long[] ids = locked(() -> by.get().encode(valid, false, false).getIds());
    int[] result = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      result[i] = (int) ids[i];
    }
    return result;
  }

  /**
   * Decodes ids. Bytes that form no character become U+FFFD; ids without a token are skipped, since
   * models have more output positions than tokens.
   *
   * @param ids of tokens; may be empty
   * @param skipSpecial whether to leave out special tokens; like the released code this keeps
   *     {@code <image>}, {@code <|vid_start|>} and {@code <|vid_end|>}
   * @return the text
   * @throws IllegalStateException if closed
   */
  public String decode(int[] ids, boolean skipSpecial) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return locked(() -> tokenizer.decode(wide, skipSpecial));
  }

  /**
   * Finds the id of an added token, such as {@code <|vision_start|>}; plain parts of words have
   * none here.
   *
   * @param token the text of the token
   * @return its id
   * @throws InvalidModelException if the tokenizer has no such token
   */
  public int id(String token) {
    Integer id = addedTokens.get(token);
    if (id == null) {
      throw new InvalidModelException(
          file + ": has no token '" + token + "' among its added tokens; is it one of Qwen2.5?");
    }
    return id;
  }

  /** {@return one more than the highest id, the added tokens included} */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** {@return the ids of the tokens that structure a sequence} */
  public SpecialTokens specialTokens() {
    return specialTokens;
  }

  /** Frees the native memory, after running calls have returned. A second call has no effect. */
  @Override
  public void close() {
    Lock exclusive = lock.writeLock();
    exclusive.lock();
    try {
      if (!closed) {
        closed = true;
        HuggingFaceTokenizer second = plain;
        try (second) {
          tokenizer.close();
        }
      }
    } finally {
      exclusive.unlock();
    }
  }

  private <T> T locked(Supplier<T> call) {
    Lock shared = lock.readLock();
    shared.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer of " + file + " is closed");
      }
      return call.get();
    } finally {
      shared.unlock();
    }
  }

  private static String withoutLoneSurrogates(String text) {
    StringBuilder valid = new StringBuilder(text.length());
    text.codePoints().forEach(c -> valid.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
    return valid.toString();
  }
}
