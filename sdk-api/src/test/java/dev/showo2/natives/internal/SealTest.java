package dev.showo2.natives.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mark of files that were written here. */
class SealTest {

  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes();

  @TempDir Path folder;

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("file"), content);
  }

  private static List<String> texts(Optional<List<ByteBuffer>> parts) {
    return parts.orElseThrow().stream()
        .map(part -> StandardCharsets.UTF_8.decode(part).toString())
        .toList();
  }

  @Test
  void aLargeFileIsGivenInPartsThatBeginAndEndWithIt() throws IOException {
    Seal seal = new Seal(SECRET, 4);
    Path file = write("abcdefghij");
    seal.append(file, "name");
    assertEquals(10 + Seal.BYTES, Files.size(file));
    assertEquals(List.of("abcd", "efgh", "ij"), texts(seal.open(file, "name")));
    assertEquals(List.of("abcdefghij"), texts(new Seal(SECRET, 10).open(file, "name")));
  }

  @Test
  void anEmptyFileIsOneToo() throws IOException {
    Seal seal = new Seal(SECRET, 4);
    Path file = write("");
    seal.append(file, "name");
    assertEquals(List.of(), texts(seal.open(file, "name")));
  }

  @Test
  void noByteCanBeChanged() throws IOException {
    Seal seal = new Seal(SECRET, 4);
    Path file = write("abcdefghij");
    seal.append(file, "name");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 1;
      Files.write(file, bytes);
      assertEquals(Optional.empty(), seal.open(file, "name"), "byte " + i);
      bytes[i] ^= 1;
    }
    Files.write(file, bytes);
    assertEquals(3, seal.open(file, "name").orElseThrow().size());
  }

  @Test
  void noLengthIsTakenForAnother() throws IOException {
    Seal seal = new Seal(SECRET, 4);
    Path file = write("abcdefghij");
    seal.append(file, "name");
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    for (int length = 0; length < bytes.length(); length++) {
      Files.writeString(file, bytes.substring(0, length), StandardCharsets.ISO_8859_1);
      assertEquals(Optional.empty(), seal.open(file, "name"), "the first " + length);
      Files.writeString(file, bytes.substring(length + 1), StandardCharsets.ISO_8859_1);
      assertEquals(Optional.empty(), seal.open(file, "name"), "all but " + (length + 1));
    }
    Files.writeString(file, bytes + "x", StandardCharsets.ISO_8859_1);
    assertEquals(Optional.empty(), seal.open(file, "name"));
  }

  @Test
  void otherNamesAndSecretsAreRefused() throws IOException {
    Seal seal = new Seal(SECRET, 4);
    Path file = write("abcdefghij");
    seal.append(file, "name");
    assertEquals(Optional.empty(), seal.open(file, "other"));
    byte[] other = SECRET.clone();
    other[0]++;
    assertEquals(Optional.empty(), new Seal(other, 4).open(file, "name"));
    assertEquals(Optional.empty(), seal.open(folder.resolve("missing"), "name"));
    assertEquals(Optional.empty(), seal.open(folder, "name"));
  }

  @Test
  void aSecretOfAnotherLengthIsReplaced() throws IOException {
    Files.write(folder.resolve(Seal.SECRET), new byte[31]);
    Seal seal = Seal.of(folder);
    assertEquals(32, Files.size(folder.resolve(Seal.SECRET)));
    Path file = write("abc");
    seal.append(file, "name");
    assertEquals(List.of("abc"), texts(Seal.of(folder).open(file, "name")));
  }

  @Test
  void anInterruptEndsTheReading() throws IOException {
    Seal seal = new Seal(SECRET, 4);
    Path file = write("abcdefghij");
    seal.append(file, "name");
    Thread.currentThread().interrupt();
    try {
      Exception failure = assertThrows(IOException.class, () -> seal.open(file, "name"));
      assertTrue(Interruptions.caused(failure));
    } finally {
      Thread.interrupted();
    }
  }
}
