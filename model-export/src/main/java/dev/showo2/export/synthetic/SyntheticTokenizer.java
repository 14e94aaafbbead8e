package dev.showo2.export.synthetic;

import com.google.gson.stream.JsonWriter;
import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A {@code tokenizer.json} of any number of tokens in the form of Qwen2.5's: byte-level BPE that
 * encodes every text, though hardly shorter than its bytes; words that only decoding gives, to fill
 * up; and the special tokens at the end. Of 151665 tokens these have the ids that they have in
 * Qwen2.5. The same number gives the same bytes.
 */
final class SyntheticTokenizer {

  /** Show-o2 appends {@code [PAD]}, {@code <image>}, and the two around a video (SPEC 8). */
  private static final int ADDED_BY_SHOW_O2 = 4;

  private static final int BYTES = 256;

  /** A space, as byte-level tokenizers write it. */
  private static final String SPACE = "\u0120";

  private static final List<List<String>> MERGES =
      List.of(
          List.of(SPACE, "t"), List.of("h", "e"), List.of("i", "n"), List.of(SPACE + "t", "he"));

  /** In this order at the end of Qwen2.5's vocabulary; those from the tool calls on are text. */
  private static final List<String> SPECIAL =
      List.of(
          "<|endoftext|>",
          "<|im_start|>",
          "<|im_end|>",
          "<|object_ref_start|>",
          "<|object_ref_end|>",
          "<|box_start|>",
          "<|box_end|>",
          "<|quad_start|>",
          "<|quad_end|>",
          "<|vision_start|>",
          "<|vision_end|>",
          "<|vision_pad|>",
          "<|image_pad|>",
          "<|video_pad|>");

  private static final List<String> PLAIN =
      List.of(
          "<tool_call>",
          "</tool_call>",
          "<|fim_prefix|>",
          "<|fim_middle|>",
          "<|fim_suffix|>",
          "<|fim_pad|>",
          "<|repo_name|>",
          "<|file_sep|>");

  private static final String PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final StringWriter text = new StringWriter();
  private final JsonWriter json = new JsonWriter(text);

  private SyntheticTokenizer() {}

  /**
   * @param rows of the embedding matrix that the tokenizer is for
   * @throws InvalidModelException if that is too few
   */
  static byte[] json(int rows) {
    int words = rows - ADDED_BY_SHOW_O2 - SPECIAL.size() - PLAIN.size();
    if (words < BYTES + MERGES.size()) {
      throw new InvalidModelException(
          "a tokenizer for an embedding matrix of "
              + rows
              + " rows cannot be synthesized, it has at least "
              + (rows - words + BYTES + MERGES.size())
              + " tokens; name a tokenizer.json that fits");
    }
    SyntheticTokenizer tokenizer = new SyntheticTokenizer();
    try {
      tokenizer.write(words);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does no input or output", e);
    }
    return tokenizer.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(int words) throws IOException {
    json.beginObject();
    json.name("version").value("1.0");
    json.name("truncation").nullValue();
    json.name("padding").nullValue();
    addedTokens(words);
    json.name("normalizer").beginObject().name("type").value("NFC").endObject();
    preTokenizer();
    json.name("post_processor").nullValue();
    json.name("decoder");
    byteLevel();
    model(words);
    json.endObject();
    json.flush();
  }

  private void addedTokens(int firstId) throws IOException {
    json.name("added_tokens").beginArray();
    int id = firstId;
    for (String token : SPECIAL) {
      addedToken(id++, token, true);
    }
    for (String token : PLAIN) {
      addedToken(id++, token, false);
    }
    json.endArray();
  }

  private void addedToken(int id, String content, boolean special) throws IOException {
    json.beginObject();
    json.name("id").value(id);
    json.name("content").value(content);
    json.name("single_word").value(false);
    json.name("lstrip").value(false);
    json.name("rstrip").value(false);
    json.name("normalized").value(false);
    json.name("special").value(special);
    json.endObject();
  }

  private void preTokenizer() throws IOException {
    json.name("pre_tokenizer").beginObject();
    json.name("type").value("Sequence");
    json.name("pretokenizers").beginArray();
    json.beginObject();
    json.name("type").value("Split");
    json.name("pattern").beginObject().name("Regex").value(PATTERN).endObject();
    json.name("behavior").value("Isolated");
    json.name("invert").value(false);
    json.endObject();
    byteLevel();
    json.endArray();
    json.endObject();
  }

  private void byteLevel() throws IOException {
    json.beginObject();
    json.name("type").value("ByteLevel");
    json.name("add_prefix_space").value(false);
    json.name("trim_offsets").value(false);
    json.name("use_regex").value(false);
    json.endObject();
  }

  private void model(int words) throws IOException {
    json.name("model").beginObject();
    json.name("type").value("BPE");
    json.name("vocab").beginObject();
    int id = 0;
    for (; id < BYTES; id++) {
      json.name(Character.toString(ByteAlphabet.character(id))).value(id);
    }
    for (List<String> merge : MERGES) {
      json.name(String.join("", merge)).value(id++);
    }
    for (; id < words; id++) {
      json.name(SPACE + "word" + id).value(id);
    }
    json.endObject();
    json.name("merges").beginArray();
    for (List<String> merge : MERGES) {
      json.value(String.join(" ", merge));
    }
    json.endArray();
    json.endObject();
  }

  /**
   * The characters that stand for bytes in byte-level tokenizers, in the order of their token ids:
   * first those bytes that are visible characters of Latin-1, then the others as U+0100 and on.
   */
  private static final class ByteAlphabet {

    private static final int[] CHARACTERS = characters();

    private ByteAlphabet() {}

    /**
     * @param id from 0 to 255
     */
    static int character(int id) {
      return CHARACTERS[id];
    }

    private static int[] characters() {
      int[] characters = new int[256];
      int count = 0;
      for (int b = 0; b < 256; b++) {
        if (isVisible(b)) {
          characters[count++] = b;
        }
      }
      for (int shifted = 0x100; count < 256; shifted++) {
        characters[count++] = shifted;
      }
      return characters;
    }

    private static boolean isVisible(int b) {
      return b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
    }
  }
}
