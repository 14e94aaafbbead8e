package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.testing.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of examples in each format, and what is wrong with some. */
class DataFormatTest {

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static ExampleProblem problem(ExampleSource source, long index, String... parts) {
    BadExampleException bad = assertThrows(BadExampleException.class, () -> source.read(index));
    for (String part : parts) {
      assertTrue(bad.getMessage().contains(part), bad.getMessage());
    }
    return bad.problem();
  }

  private static Path path(ExampleMedia media) {
    return ((ExampleMedia.OfFile) media).path();
  }

  @Test
  void jsonLinesAreCaptionedImages() throws IOException {
    Path absolute = write("elsewhere/b.png", "");
    Path file =
        write(
            "pairs.jsonl",
            "\ufeff{\"path\": \"a.png\", \"prompt\": \"a [red], \\\"cat\\\"\\n\", \"id\": 3}\n\n"
                + "  {\"path\": \""
                + absolute
                + "\", \"prompt\": \"一只猫\"}  \r\n"
                + "{\"path\": \"a.png\", \"prompt\": \"a\"\n"
                + "{\"path\": \"a.png\"}\n"
                + "{\"path\": 3, \"prompt\": \"a\"}\n"
                + "[1]\n{\"path\": \"a\\u0000b\", \"prompt\": \"a\"}");
    try (ExampleSource source = DataFormat.JSON_LINES.open(file, null)) {
      assertEquals(7, source.size());
      Example.Captioned first = (Example.Captioned) source.read(0);
      assertEquals("a [red], \"cat\"\n", first.text());
      assertEquals(folder.resolve("a.png"), path(first.visual()));
      Example.Captioned second = (Example.Captioned) source.read(1);
      assertEquals("一只猫", second.text());
      assertEquals(absolute, path(second.visual()));
      assertEquals(file + ":3", source.origin(1));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 2, "not valid JSON"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 3, "'prompt', found none"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 4, "'path', found 3"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 5, "object"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 6, "expected a path"));
      assertEquals(file + ":8", source.origin(6));
    }
    try (ExampleSource source = DataFormat.JSON_LINES.open(file, folder.resolve("root"))) {
      Example.Captioned first = (Example.Captioned) source.read(0);
      assertEquals(folder.resolve("root/a.png"), path(first.visual()));
    }
  }

  @Test
  void conversationsAreAnArrayOfTurns() throws IOException {
    Path file =
        write(
            "llava.json",
            """
            [
              {"id": "1", "image": "x/1.jpg", "conversations": [
                {"from": "human", "value": "<image>\\nWhat, [\\"is\\"] it? \\\\"},
                {"from": "gpt", "value": "A square}."}]},
              {"conversations": [{"from": "user", "value": "Hi"},
                                 {"from": "assistant", "value": "Hello"}]},
              {"image": ["a", "b"], "conversations": []},
              {"conversations": [{"from": "system", "value": "Hi"}]},
              {"conversations": {"from": "human"}},
              {"conversations": ["Hi"]},
              , {"image": ["only.jpg"], "conversations": []}
            ]
            """);
    try (ExampleSource source = DataFormat.CONVERSATIONS.open(file, null)) {
      assertEquals(8, source.size());
      Example.Dialog first = (Example.Dialog) source.read(0);
      assertEquals(
          List.of(
              new Example.Turn(true, "<image>\nWhat, [\"is\"] it? \\"),
              new Example.Turn(false, "A square}.")),
          first.turns());
      assertEquals(folder.resolve("x/1.jpg"), path(first.visual().orElseThrow()));
      assertTrue(((Example.Dialog) source.read(1)).visual().isEmpty());
      assertEquals(file + ":5", source.origin(1));
      assertEquals(ExampleProblem.IMAGE_MISMATCH, problem(source, 2, "one image, found 2"));
      assertEquals(ExampleProblem.UNKNOWN_ROLE, problem(source, 3, "'system'"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 4, "list 'conversations'"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 5, "turns"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 6));
      Example.Dialog last = (Example.Dialog) source.read(7);
      assertEquals(folder.resolve("only.jpg"), path(last.visual().orElseThrow()));
    }
  }

  @Test
  void anArrayThatBreaksOffLosesItsLastEntryAlone() throws IOException {
    Path file = write("cut.json", "[{\"path\":\"a\",\"prompt\":\"b\"},{\"path\":\"a\",\"pro");
    try (ExampleSource source = DataFormat.JSON_LINES.open(file, null)) {
      assertEquals(2, source.size());
      assertEquals("b", ((Example.Captioned) source.read(0)).text());
      assertEquals(ExampleProblem.MALFORMED, problem(source, 1, "not valid JSON"));
    }
  }

  @Test
  void storiesNameImagesWithOrWithoutTheirEnding() throws IOException {
    write("root/2.png", "");
    Path file =
        write(
            "story.json",
            "[{\"images\": [\"1\", \"2.png\", \"3.jpg\"], \"captions\": [\"a\", \"b\", \"c\"]},"
                + "{\"images\": [3], \"captions\": []}, {\"images\": []}]");
    try (ExampleSource source = DataFormat.STORIES.open(file, folder.resolve("root"))) {
      Example.Illustrated story = (Example.Illustrated) source.read(0);
      assertEquals(List.of("a", "b", "c"), story.captions());
      assertEquals(
          List.of("1.jpg", "2.png", "3.jpg"),
          story.images().stream().map(m -> path(m).getFileName().toString()).toList());
      assertEquals(ExampleProblem.MALFORMED, problem(source, 1, "'images', found 3"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 2, "'captions', found none"));
    }
  }

  @Test
  void videoCaptionsHaveEitherName() throws IOException {
    Path file =
        write(
            "videos.jsonl",
            "{\"path\": \"a.mp4\", \"prompt\": \"one\"}\n"
                + "{\"video\": \"b.gif\", \"caption\": \"two\"}\n{\"video\": \"b.gif\"}\n");
    try (ExampleSource source = DataFormat.VIDEO_CAPTIONS.open(file, null)) {
      assertEquals("one", ((Example.Captioned) source.read(0)).text());
      Example.Captioned second = (Example.Captioned) source.read(1);
      assertEquals("two", second.text());
      assertEquals(folder.resolve("b.gif"), path(second.visual()));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 2, "'prompt' or 'caption'"));
    }
  }

  @Test
  void aFolderHasCaptionsBesideItsImages() throws IOException {
    write("images/b.PNG", "");
    write("images/b.txt", "caption of b\n");
    write("images/a/c.jpg", "");
    write("images/d.webp", "");
    Files.write(folder.resolve("images/d.txt"), new byte[] {(byte) 0xff});
    write("images/notes.md", "");
    try (ExampleSource source = DataFormat.FOLDER.open(folder.resolve("images"), null)) {
      assertEquals(3, source.size());
      assertEquals(ExampleProblem.EMPTY_TEXT, problem(source, 0, "c.txt, found no such file"));
      Example.Captioned example = (Example.Captioned) source.read(1);
      assertEquals("caption of b", example.text());
      assertEquals(folder.resolve("images/b.PNG"), path(example.visual()));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 2, "expected UTF-8"));
      String before = source.fingerprint();
      write("images/e.png", "");
      try (ExampleSource more = DataFormat.FOLDER.open(folder.resolve("images"), null)) {
        assertNotEquals(before, more.fingerprint());
      }
    }
  }

  @Test
  void missingAndEmptyFilesAreRefused() throws IOException {
    Path empty = write("empty.jsonl", " \n\n");
    for (DataFormat format : DataFormat.values()) {
      Messages.assertFails(
          InvalidRequestException.class,
          () -> format.open(folder.resolve("none"), null),
          "expected",
          "none");
    }
    Messages.assertFails(
        InvalidRequestException.class,
        () -> DataFormat.JSON_LINES.open(empty, null),
        "at least one entry");
    Messages.assertFails(
        InvalidRequestException.class,
        () -> DataFormat.JSON_LINES.open(write("array.json", "[ ]"), null),
        "at least one entry");
    Path bare = Files.createDirectory(folder.resolve("bare"));
    Messages.assertFails(
        InvalidRequestException.class, () -> DataFormat.FOLDER.open(bare, null), "found none");
    Messages.assertFails(
        InvalidRequestException.class, () -> DataFormat.WEBDATASET.open(bare, null), "*.tar");
  }

  @Test
  void archivesHaveExamplesOfMembersOfOneName() throws IOException {
    Tar tar = new Tar();
    tar.file("./0001.jpg", new byte[] {1, 2, 3});
    tar.file("./0001.txt", "one\n");
    tar.file("./0001.json", "{\"prompt\": \"other\"}");
    tar.member("dir/", new byte[0], '5');
    tar.file("dir/0002.json", "{\"key\": 2, \"caption\": \"two\"}");
    tar.file("dir/0002.png", new byte[] {4});
    tar.file("0003.png", new byte[] {5});
    tar.file("0004.txt", "four");
    tar.file("0005.png", new byte[0]);
    tar.file("0005.json", "{\"key\": 2}");
    String longName = "a".repeat(120) + "/0006";
    tar.member("././@LongLink", (longName + ".jpg\0").getBytes(StandardCharsets.UTF_8), 'L');
    tar.file("cut.jpg", new byte[] {6});
    tar.member("pax", Tar.record("path", longName + ".txt"), 'x');
    tar.file("cut.txt", "six");
    Path shard = folder.resolve("shard-0.tar");
    Files.write(shard, tar.bytes());
    Tar second = new Tar();
    second.file("0001.jpg", new byte[] {7});
    second.file("0001.caption", "seven");
    Files.write(folder.resolve("shard-1.tar"), second.bytes());
    try (ExampleSource source = DataFormat.WEBDATASET.open(folder, null)) {
      assertEquals(7, source.size());
      Example.Captioned first = (Example.Captioned) source.read(0);
      assertEquals("one", first.text());
      assertArrayEquals(new byte[] {1, 2, 3}, MediaPixels.bytes(first.visual()));
      assertEquals(shard + "!./0001", source.origin(0));
      assertEquals("two", ((Example.Captioned) source.read(1)).text());
      assertEquals(ExampleProblem.EMPTY_TEXT, problem(source, 2, ".txt or .json"));
      assertEquals(ExampleProblem.MISSING_FILE, problem(source, 3, "an image or video beside"));
      assertEquals(ExampleProblem.MALFORMED, problem(source, 4, "'prompt' or 'caption'"));
      Example.Captioned sixth = (Example.Captioned) source.read(5);
      assertEquals("six", sixth.text());
      assertArrayEquals(new byte[] {6}, MediaPixels.bytes(sixth.visual()));
      assertTrue(source.origin(5).endsWith("/0006"));
      assertEquals("seven", ((Example.Captioned) source.read(6)).text());
    }
  }

  @Test
  void corruptArchivesAreRefused() throws IOException {
    Tar tar = new Tar();
    tar.file("0001.jpg", new byte[3000]);
    tar.file("0001.txt", "one");
    byte[] whole = tar.bytes();
    assertRefused(Arrays.copyOf(whole, 2000), "beyond the end");
    byte[] flipped = whole.clone();
    flipped[3] ^= 1;
    assertRefused(flipped, "checksum");
    byte[] gzip = whole.clone();
    gzip[0] = 0x1f;
    gzip[124] = (byte) 0xff;
    assertRefused(gzip, "checksum");
    Tar sparse = new Tar();
    sparse.member("0001.jpg", new byte[3], 'S');
    assertRefused(sparse.bytes(), "sparse");
    Tar negative = new Tar();
    negative.member("pax", Tar.record("size", "-5"), 'x');
    negative.file("0001.jpg", new byte[3]);
    assertRefused(negative.bytes(), "beyond the end");
    assertRefused(new byte[1024], "found none");
  }

  private void assertRefused(byte[] archive, String part) throws IOException {
    Path file = folder.resolve("bad.tar");
    Files.write(file, archive);
    Messages.assertFails(
        InvalidRequestException.class,
        () -> DataFormat.WEBDATASET.open(file, null),
        file.toString(),
        part);
    assertFalse(Files.notExists(file));
  }

  @ParameterizedTest
  @EnumSource(names = {"CONVERSATIONS", "STORIES", "JSON_LINES", "WEBDATASET"})
  void mutatedFilesAreReadOrRefusedByName(DataFormat format) throws IOException {
    byte[] whole = valid(format);
    Random random = new Random(format.ordinal());
    Path file = folder.resolve("mutated.tar");
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      byte[] mutated =
          Arrays.copyOf(whole, whole.length - random.nextInt(2) * random.nextInt(whole.length));
      for (int change = random.nextInt(4); change >= 0; change--) {
        mutated[random.nextInt(mutated.length)] =
            (byte) "[]{},:\"\\ \n7\0\u00ff".charAt(random.nextInt(13));
      }
      Files.write(file, mutated);
      try (ExampleSource source = format.open(file, null)) {
        for (long i = 0; i < source.size(); i++) {
          try {
            source.read(i);
          } catch (BadExampleException e) {
            refused++;
            assertFalse(source.origin(i).isEmpty());
          }
        }
      } catch (InvalidRequestException e) {
        refused++;
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
      }
    }
    assertTrue(refused > 100, "refused " + refused);
  }

  private static byte[] valid(DataFormat format) {
    Tar tar = new Tar();
    tar.file("0001.png", new byte[] {1});
    tar.file("0001.json", "{\"prompt\": \"one\"}");
    return switch (format) {
      case CONVERSATIONS ->
          ("[{\"image\": [\"a\"], \"conversations\": [{\"from\": \"human\", \"value\": \"<image>\"},"
                  + "{\"from\": \"gpt\", \"value\": \"a, \\\"b\\\"\"}]},\n{\"conversations\": []}]")
              .getBytes(StandardCharsets.UTF_8);
      case STORIES ->
          "[{\"images\": [\"a\"], \"captions\": [\"b\"]}, {\"images\": [], \"captions\": []}]"
              .getBytes(StandardCharsets.UTF_8);
      case JSON_LINES ->
          "{\"path\": \"a\", \"prompt\": \"b\"}\n{\"path\": \"c\", \"prompt\": \"d\"}\n"
              .getBytes(StandardCharsets.UTF_8);
      default -> tar.bytes();
    };
  }

  @Test
  void idsAreThoseOfConfigurations() {
    List<String> ids = new ArrayList<>();
    for (DataFormat format : DataFormat.values()) {
      ids.add(format.id());
    }
    assertEquals(
        List.of(
            "json-lines",
            "conversations",
            "stories",
            "video-captions",
            "folder",
            "images",
            "webdataset"),
        ids);
  }
}
