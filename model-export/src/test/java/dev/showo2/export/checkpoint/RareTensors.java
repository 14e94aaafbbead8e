package dev.showo2.export.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Changes to headers of safetensors files that the writer of the SDK does not make. */
public final class RareTensors {

  private RareTensors() {}

  /** Appends a tensor of zeros in one axis, of a type that the SDK does not read. */
  public static void append(Path file, String name, String type, int elements, int bytes)
      throws IOException {
    ByteBuffer old = bytes(file);
    JsonObject header = header(old);
    long start = old.remaining();
    header.add(name, entry(type, elements, start, start + bytes));
    write(file, header, old, bytes);
  }

  /** Adds an entry to the free text of the header, as safetensors' save_model notes tied names. */
  public static void note(Path file, String key, String value) throws IOException {
    ByteBuffer old = bytes(file);
    JsonObject header = header(old);
    JsonObject metadata =
        header.has("__metadata__") ? header.getAsJsonObject("__metadata__") : new JsonObject();
    metadata.addProperty(key, value);
    header.add("__metadata__", metadata);
    write(file, header, old, 0);
  }

  private static ByteBuffer bytes(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static JsonObject header(ByteBuffer bytes) {
    byte[] json = new byte[(int) bytes.getLong()];
    bytes.get(json);
    return JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private static JsonObject entry(String type, int elements, long start, long end) {
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", type);
    entry.add("shape", array(elements));
    entry.add("data_offsets", array(start, end));
    return entry;
  }

  private static JsonArray array(long... values) {
    JsonArray array = new JsonArray();
    for (long value : values) {
      array.add(value);
    }
    return array;
  }

  private static void write(Path file, JsonObject header, ByteBuffer data, int more)
      throws IOException {
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(Long.BYTES + json.length + data.remaining() + more)
            .order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(json.length).put(json).put(data);
    Files.write(file, all.array());
  }
}
