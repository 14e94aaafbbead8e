package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.internal.HeifMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The boxes of an MP4, MOV, AVIF or HEIC file, as far as FFmpeg does not hand them on: tables of
 * samples that the end of the file cuts off, which FFmpeg reads as shorter tables, and the tracks
 * that are shown with none of their own.
 *
 * <p>A box of data may claim more bytes than follow, as some recorders write it: whether samples
 * are missing is told by the tables.
 */
final class IsoStructure {

  private static final Set<Integer> FIRST =
      types("ftyp styp moov moof mdat wide free skip pnot sidx uuid udta pdin emsg");
  private static final Set<Integer> CONTAINERS = types("moov trak edts mdia minf stbl moof traf");
  private static final Set<Integer> TABLES =
      types("stsd stts ctts stss stsc stsz stz2 stco co64 elst tkhd mdhd tfhd tfdt trun");

  private static final int META = type("meta");
  private static final Set<Integer> PARTS = types(String.join(" ", HeifMeta.PARTS));
  private static final Set<Integer> DATA = types("mdat skip wide ftyp styp sidx");
  private static final int MAX_META = 16 << 20;
  private static final int TRAK = type("trak");
  private static final int TKHD = type("tkhd");
  private static final int HDLR = type("hdlr");
  private static final int TREF = type("tref");
  private static final int AUXV = type("auxv");
  private static final Set<Integer> REFERENCES_OF_NO_VIDEO = types("auxl thmb vdep");

  /** Fragmented files have about three boxes for every second. */
  private static final int MAX_TOP_BOXES = 1_000_000;

  /** Boxes within others; later ones are not read. */
  private static final int MAX_BOXES = 20_000;

  private static final int MAX_DEPTH = 8;
  private static final int HEADER = 8;
  private static final int READ_BYTES = 32;

  private final Path file;
  private final SeekableByteChannel channel;
  private final long size;
  private final Set<Integer> auxiliaryTracks = new HashSet<>();

  private int boxes;
  private int topBoxes;
  private int images;
  private int track;
  private boolean auxiliary;

  private IsoStructure(Path file, SeekableByteChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  /**
   * Reads the boxes of a file.
   *
   * @return the ids of the tracks with alpha, depth, thumbnails and the like; empty if the file is
   *     of another container
   * @throws InvalidRequestException if a table of samples is truncated
   * @throws IOException if the file cannot be read
   */
  static Optional<Set<Integer>> auxiliaryTracks(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      return auxiliaryTracks(file, channel);
    }
  }

  static Optional<Set<Integer>> auxiliaryTracks(Path file, SeekableByteChannel channel)
      throws IOException {
    IsoStructure structure = new IsoStructure(file, channel);
    ByteBuffer beginning = structure.read(0);
    if (beginning.remaining() >= HEADER && FIRST.contains(beginning.getInt(4))) {
      structure.readBoxes(0, structure.size, 0);
      return Optional.of(structure.auxiliaryTracks);
    }
    return Optional.empty();
  }

  private void readBoxes(long from, long end, int depth) throws IOException {
    long position = from;
    while (depth <= MAX_DEPTH && position <= end - HEADER) {
      if (depth > 0 && boxes++ > MAX_BOXES) {
        return;
      }
      if (depth == 0 && topBoxes++ > MAX_TOP_BOXES) {
        throw unsupported("it has more than " + MAX_TOP_BOXES + " boxes");
      }
      ByteBuffer box = read(position);
      if (box.remaining() < HEADER) {
        return; // the end of the file
      }
      int type = box.getInt(4);
      int header = HEADER;
      long length = Integer.toUnsignedLong(box.getInt(0));
      if (length == 1 && box.remaining() >= 2 * HEADER) {
        length = box.getLong(HEADER);
        header = 2 * HEADER;
      } else if (length == 0) {
        length = end - position;
      }
      if (length < header || length > Long.MAX_VALUE - position) {
        return;
      }
      long next = position + length;
      if (next > size && TABLES.contains(type)) {
        throw new InvalidRequestException(
            file
                + " is a video of at least "
                + next
                + " bytes that was truncated to "
                + size
                + "; get it whole");
      }
      if (depth == 0) {
        requireImages(type, position + header, Math.min(next, size));
      }
      readBox(type, position + header, next, depth);
      position = next;
    }
  }

  /**
   * Validates the description of images, and refuses it where it does not belong: FFmpeg would read
   * it there, too.
   */
  private void requireImages(int type, long from, long end) throws IOException {
    if (type == META) {
      if (end - from > MAX_META || images++ > 0) {
        throw unsupported("it has several descriptions of images, or one that is too long");
      }
      ByteBuffer content = ByteBuffer.allocate((int) (end - from));
      channel.position(from);
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // As much as there is.
      }
      try {
        HeifMeta.require(content.flip(), size);
      } catch (IOException e) {
        throw unsupported(e.getMessage());
      }
    } else if (PARTS.contains(type)) {
      throw unsupported("it has a box outside of its description of images");
    } else if (!DATA.contains(type)) {
      requireNoImages(from, end);
    }
  }

  private void requireNoImages(long from, long end) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    channel.position(from);
    for (long left = end - from; left > 0; ) {
      chunk.limit((int) Math.min(chunk.capacity(), chunk.position() + left));
      int count = channel.read(chunk);
      if (count < 0) {
        return;
      }
      left -= count;
      chunk.flip();
      if (HeifMeta.isIn(chunk)) {
        throw unsupported(
            "it describes images, or compresses what it says, in its description of videos");
      }
      chunk.compact();
    }
  }

  private InvalidRequestException unsupported(String what) {
    return new InvalidRequestException(
        file + " cannot be read: " + what + "; it is corrupt, so get it whole or encode it anew");
  }

  private void readBox(int type, long from, long end, int depth) throws IOException {
    if (type == TRAK) {
      track = 0;
      auxiliary = false;
      readBoxes(from, end, depth + 1);
      if (auxiliary) {
        auxiliaryTracks.add(track);
      }
    } else if (CONTAINERS.contains(type)) {
      readBoxes(from, end, depth + 1);
    } else if (type == TKHD || type == HDLR || type == TREF) {
      readFields(type, read(from));
    }
  }

  private void readFields(int type, ByteBuffer fields) {
    if (type == TKHD) {
      boolean longTimes = fields.hasRemaining() && fields.get(0) == 1;
      track = field(fields, longTimes ? 20 : 12);
    } else if (type == HDLR) {
      auxiliary |= field(fields, 8) == AUXV;
    } else {
      auxiliary |= REFERENCES_OF_NO_VIDEO.contains(field(fields, 4));
    }
  }

  private static int field(ByteBuffer fields, int at) {
    return fields.remaining() >= at + Integer.BYTES ? fields.getInt(at) : 0;
  }

  private ByteBuffer read(long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    channel.position(position);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // As much as there is.
    }
    return buffer.flip();
  }

  private static Set<Integer> types(String names) {
    Set<Integer> types = new HashSet<>();
    for (String name : names.split(" ")) {
      types.add(type(name));
    }
    return types;
  }

  private static int type(String name) {
    return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)).getInt();
  }
}
