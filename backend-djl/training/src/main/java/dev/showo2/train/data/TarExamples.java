package dev.showo2.train.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.StrictJson;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images or videos and captions in tar archives, as WebDataset has them: members that follow each
 * other and have the same name up to the first dot are an example, the first image or video of
 * which counts.
 */
final class TarExamples implements ExampleSource {

  private static final Set<String> TEXTS = Set.of("txt", "text", "caption");
  private static final List<String> FIELDS = List.of("prompt", "caption", "text");
  private static final int MAX_IMAGE_BYTES = 512 << 20;
  private static final long MAX_VIDEO_BYTES = 4L << 30;

  private final List<Sample> samples = new ArrayList<>();
  private final List<FileChannel> channels = new ArrayList<>();
  private final StringBuilder checksums = new StringBuilder("webdataset");

  /** An example; image (or video) or text are null if there is none. */
  private record Sample(
      Path archive, FileChannel channel, String key, TarIndex.Member image, TarIndex.Member text) {}

  /** An image or video, which may be larger than the memory. */
  private record Content(FileChannel channel, TarIndex.Member member)
      implements ExampleMedia.Reader {

    private static final int BLOCK = 1 << 16;

    @Override
    public byte[] read() throws IOException {
      return TarExamples.read(channel, member, MAX_IMAGE_BYTES);
    }

    @Override
    public void copyTo(OutputStream out) throws IOException {
      requireSize(member, MAX_VIDEO_BYTES);
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      for (long copied = 0; copied < member.size(); copied += block.position()) {
        block.clear().limit((int) Math.min(BLOCK, member.size() - copied));
        fill(channel, member, member.offset() + copied, block);
        out.write(block.array(), 0, block.position());
      }
    }
  }

  /** Collects the members of one example after the other. */
  private final class Grouping {

    private final Path archive;
    private final FileChannel channel;
    private String key = "";
    private TarIndex.Member image;
    private TarIndex.Member text;

    Grouping(Path archive, FileChannel channel) {
      this.archive = archive;
      this.channel = channel;
    }

    void add(TarIndex.Member member) {
      int name = member.name().lastIndexOf('/') + 1;
      int dot = member.name().indexOf('.', name);
      if (dot <= name) {
        return;
      }
      if (!member.name().substring(0, dot).equals(key)) {
        end();
        key = member.name().substring(0, dot);
      }
      String ending = member.name().substring(dot + 1).toLowerCase(Locale.ROOT);
      if (MediaNames.isImageOrVideo(ending) && image == null) {
        image = member;
      } else if (TEXTS.contains(ending) || ending.equals("json") && text == null) {
        // A text file is the caption even if there is JSON about the image too.
        text = member;
      }
    }

    void end() {
      if (image != null || text != null) {
        samples.add(new Sample(archive, channel, key, image, text));
      }
      image = null;
      text = null;
    }
  }

  private TarExamples() {}

  /**
   * Opens an archive, or all of a folder in the order of their names.
   *
   * @throws InvalidRequestException if there is none, or one is corrupt
   */
  static TarExamples open(Path path) {
    TarExamples examples = new TarExamples();
    try {
      for (Path archive : archives(path)) {
        FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
        examples.channels.add(channel);
        TarIndex index = new TarIndex(archive, channel);
        Grouping grouping = examples.new Grouping(archive, channel);
        index.forEach(grouping::add);
        grouping.end();
        examples.checksums.append(':').append(Long.toHexString(index.checksum()));
      }
      if (examples.samples.isEmpty()) {
        throw new InvalidRequestException(
            path + ": expected images or videos with captions of the same name, found none");
      }
      return examples;
    } catch (IOException | UncheckedIOException e) {
      examples.close();
      throw Interruptions.cancelledOr(
          e, () -> new InvalidRequestException("cannot read " + path + ": " + e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      examples.close();
      throw e;
    }
  }

  private static List<Path> archives(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    if (!Files.isDirectory(path)) {
      throw new InvalidRequestException(
          "expected a tar archive or a folder of them, found none at " + path);
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> archives =
          files.filter(file -> file.toString().endsWith(".tar")).sorted().toList();
      if (archives.isEmpty()) {
        throw new InvalidRequestException(path + ": expected files named *.tar, found none");
      }
      return archives;
    }
  }

  @Override
  public long size() {
    return samples.size();
  }

  @Override
  public Example read(long index) {
    Sample sample = samples.get((int) index);
    if (sample.image() == null) {
      throw new BadExampleException(
          ExampleProblem.MISSING_FILE, "expected an image or video beside the caption, found none");
    }
    if (sample.text() == null) {
      throw new BadExampleException(
          ExampleProblem.EMPTY_TEXT, "expected a caption (.txt or .json), found none");
    }
    String name = sample.archive() + "!" + sample.image().name();
    return new Example.Captioned(
        caption(sample),
        new ExampleMedia.OfBytes(name, new Content(sample.channel(), sample.image())));
  }

  private static String caption(Sample sample) {
    String origin = sample.text().name();
    byte[] bytes;
    try {
      bytes = read(sample.channel(), sample.text(), FolderExamples.MAX_CAPTION_BYTES);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new BadExampleException(
                  ExampleProblem.MALFORMED, "cannot read " + origin + ": " + e.getMessage(), e));
    }
    return origin.endsWith(".json") ? field(bytes, origin) : FolderExamples.text(bytes, origin);
  }

  private static String field(byte[] bytes, String origin) {
    try {
      JsonObject json = StrictJson.parseObject(ByteBuffer.wrap(bytes), origin);
      for (String name : FIELDS) {
        JsonElement value = json.get(name);
        if (value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
          return value.getAsString();
        }
      }
    } catch (InvalidModelException e) {
      throw new BadExampleException(ExampleProblem.MALFORMED, e.getMessage(), e);
    }
    throw new BadExampleException(
        ExampleProblem.MALFORMED,
        "expected a string '" + String.join("' or '", FIELDS) + "' in " + origin + ", found none");
  }

  private static byte[] read(FileChannel channel, TarIndex.Member member, int limit)
      throws IOException {
    requireSize(member, limit);
    ByteBuffer bytes = ByteBuffer.allocate((int) member.size());
    fill(channel, member, member.offset(), bytes);
    return bytes.array();
  }

  private static void requireSize(TarIndex.Member member, long limit) throws IOException {
    if (member.size() > limit) {
      throw new IOException(
          member.name() + " has " + member.size() + " bytes; at most " + limit + " are read");
    }
  }

  private static void fill(
      FileChannel channel, TarIndex.Member member, long offset, ByteBuffer bytes)
      throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("the archive ends within " + member.name());
      }
    }
  }

  @Override
  public String origin(long index) {
    Sample sample = samples.get((int) index);
    return sample.archive() + "!" + sample.key();
  }

  @Override
  public String fingerprint() {
    return checksums.toString();
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written.
      }
    }
  }
}
