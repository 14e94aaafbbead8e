package dev.showo2.media.video.internal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Validates the box {@code meta} of an AVIF or HEIC file before FFmpeg reads it. FFmpeg 8.0 takes
 * it that items refer to each other as they should, and files where they do not can end the
 * process: an item without a location, a tile that is no image.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HeifMeta {

  /** The boxes that FFmpeg reads wherever they are. */
  public static final Set<String> PARTS =
      Set.of("iinf", "infe", "iloc", "iref", "iprp", "ipco", "ipma", "pitm", "idat");

  private static final Set<String> IMAGES = Set.of("av01", "hvc1", "hev1", "jpeg", "avc1", "vvc1");
  private static final Set<String> OF_TILES = Set.of("grid", "iovl");

  private static final int ILOC = 0x696c6f63;
  private static final int IINF = 0x69696e66;
  private static final int IREF = 0x69726566;
  private static final int IPMA = 0x69706d61;
  private static final int CMOV = 0x636d6f76;
  private static final int HDLR = 0x68646c72;

  private static final int MAX_ITEMS = 65_536;

  private record Box(String type, ByteBuffer content) {}

  private final Map<Long, String> items = new HashMap<>();
  private final Set<Long> located = new HashSet<>();
  private final Set<Long> ofTiles = new HashSet<>();
  private final Set<String> seen = new HashSet<>();
  private final long fileBytes;
  private long dataBytes;

  private HeifMeta(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /**
   * Validates the box.
   *
   * @param content of the box, without its header
   * @param fileBytes the length of the file
   * @throws IOException if FFmpeg should not read it; the message says what is wrong
   */
  public static void require(ByteBuffer content, long fileBytes) throws IOException {
    try {
      new HeifMeta(fileBytes).read(content.slice());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("its description of images is truncated", e);
    }
  }

  /**
   * Searches the content of another box for parts of a description of images.
   *
   * @param content from its position on; left with up to three bytes
   * @return whether there is one, or a compressed box that might hide it
   */
  public static boolean isIn(ByteBuffer content) {
    for (; content.remaining() >= Integer.BYTES; content.get()) {
      switch (content.getInt(content.position())) {
        case ILOC, IINF, IREF, IPMA, CMOV -> {
          return true;
        }
        default -> {
          // The next one begins a byte later.
        }
      }
    }
    return false;
  }

  private void read(ByteBuffer content) throws IOException {
    if (content.remaining() < 8) {
      return;
    }
    // QuickTime's own has no version before its first box.
    boolean versioned = content.getInt(4) != HDLR;
    List<Box> boxes = boxes(versioned ? skip(content, 4) : content);
    if (boxes.stream().noneMatch(box -> PARTS.contains(box.type))) {
      return; // tags and the like
    }
    Map<String, ByteBuffer> parts = new HashMap<>();
    for (Box box : boxes) {
      if (PARTS.contains(box.type) && parts.put(box.type, box.content) != null) {
        throw new IOException("it has two boxes " + box.type);
      }
    }
    for (String needed : List.of("iinf", "iloc", "pitm", "iprp")) {
      if (!parts.containsKey(needed)) {
        throw new IOException("it has no box " + needed);
      }
    }
    dataBytes = parts.containsKey("idat") ? parts.get("idat").remaining() : 0;
    readItems(parts.get("iinf"));
    readLocations(parts.get("iloc"));
    ByteBuffer main = parts.get("pitm");
    requireItem(id(main, version(main) > 0));
    readProperties(parts.get("iprp"));
    if (parts.containsKey("iref")) {
      readReferences(parts.get("iref"));
    }
    for (Map.Entry<Long, String> item : items.entrySet()) {
      boolean tiles = OF_TILES.contains(item.getValue());
      if ((tiles || IMAGES.contains(item.getValue())) && !located.contains(item.getKey())) {
        throw new IOException("its item " + item.getKey() + " has no data");
      }
      if (tiles && !ofTiles.contains(item.getKey())) {
        throw new IOException("its item " + item.getKey() + " has no tiles");
      }
    }
  }

  private void readItems(ByteBuffer iinf) throws IOException {
    boolean wide = version(iinf) > 0;
    long count = id(iinf, wide);
    List<Box> boxes = boxes(iinf);
    if (count != boxes.size() || count > MAX_ITEMS) {
      throw new IOException("it has " + boxes.size() + " items and states " + count);
    }
    for (Box box : boxes) {
      int version = version(box.content);
      if (!box.type.equals("infe") || version < 2 || version > 3) {
        throw new IOException("it describes an item by " + box.type + " of version " + version);
      }
      long id = id(box.content, version > 2);
      box.content.getShort(); // protection
      if (items.put(id, type(box.content)) != null) {
        throw new IOException("it has two items " + id);
      }
    }
  }

  private void readLocations(ByteBuffer iloc) throws IOException {
    int version = version(iloc);
    int sizes = iloc.get();
    int baseSizes = iloc.get();
    if (version > 2) {
      throw new IOException("it has locations of version " + version);
    }
    for (long left = id(iloc, version > 1); left > 0; left--) {
      long id = id(iloc, version > 1);
      requireItem(id);
      int construction = version > 0 ? iloc.getShort() & 15 : 0;
      iloc.getShort(); // data reference
      long base = number(iloc, baseSizes >> 4 & 15);
      int extents = iloc.getShort() & 0xffff;
      if (extents != 1 || !located.add(id) || construction > 1) {
        throw new IOException("the data of its item " + id + " are in several places");
      }
      if (version > 0) {
        number(iloc, baseSizes & 15);
      }
      long offset = number(iloc, sizes >> 4 & 15);
      long length = number(iloc, sizes & 15);
      boolean image = IMAGES.contains(items.get(id)) && construction == 0;
      long room = construction == 1 ? dataBytes : fileBytes;
      // A truncated file may have the main image whole; FFmpeg finds the end of an image's data.
      long end = image ? Long.MAX_VALUE : room;
      // As differences, which cannot overflow.
      if (base < 0 || offset < 0 || length < 1 || length > room) {
        throw new IOException("the data of its item " + id + " have " + length + " bytes");
      }
      if (base > end - length || offset > end - length - base) {
        throw new IOException("the data of its item " + id + " are beyond the end of the file");
      }
    }
  }

  private void readReferences(ByteBuffer iref) throws IOException {
    boolean wide = version(iref) > 0;
    for (Box box : boxes(iref)) {
      long from = id(box.content, wide);
      requireItem(from);
      boolean tiles = box.type.equals("dimg") && OF_TILES.contains(items.get(from));
      int count = box.content.getShort() & 0xffff;
      if (tiles && (count == 0 || !ofTiles.add(from))) {
        throw new IOException("its item " + from + " has no list of tiles, or two");
      }
      for (int i = 0; i < count; i++) {
        long to = id(box.content, wide);
        requireItem(to);
        if (tiles && !(IMAGES.contains(items.get(to)) && located.contains(to))) {
          throw new IOException("its tile " + to + " is no image");
        }
      }
    }
  }

  private void readProperties(ByteBuffer iprp) throws IOException {
    int count = -1;
    for (Box box : boxes(iprp)) {
      if (box.type.equals("ipco")) {
        if (count >= 0) {
          throw new IOException("it has two boxes ipco");
        }
        count = boxes(box.content).size();
      } else if (box.type.equals("ipma")) {
        readLinks(box.content, count);
      }
    }
  }

  private void readLinks(ByteBuffer ipma, int properties) throws IOException {
    int version = ipma.get();
    int flags = ipma.get() << 16 | (ipma.getShort() & 0xffff);
    for (long left = ipma.getInt() & 0xffffffffL; left > 0; left--) {
      requireItem(id(ipma, version > 0));
      for (int i = ipma.get() & 0xff; i > 0; i--) {
        int index = (flags & 1) == 0 ? ipma.get() & 0x7f : ipma.getShort() & 0x7fff;
        if (index > properties) {
          throw new IOException("it has no property " + index);
        }
      }
    }
  }

  private void requireItem(long id) throws IOException {
    if (!items.containsKey(id)) {
      throw new IOException("it has no item " + id);
    }
  }

  private static List<Box> boxes(ByteBuffer content) throws IOException {
    List<Box> boxes = new ArrayList<>();
    while (content.hasRemaining()) {
      int start = content.position();
      long length = content.getInt() & 0xffffffffL;
      String type = type(content);
      if (length < 8 || length > content.limit() - start) {
        throw new IOException("its box " + type + " has " + length + " bytes");
      }
      boxes.add(new Box(type, content.slice(start + 8, (int) length - 8)));
      content.position(start + (int) length);
    }
    return boxes;
  }

  private static ByteBuffer skip(ByteBuffer content, int bytes) {
    return content.position(content.position() + bytes);
  }

  /** Also moves past the flags. */
  private static int version(ByteBuffer box) {
    int version = box.get() & 0xff;
    skip(box, 3);
    return version;
  }

  private static long id(ByteBuffer box, boolean wide) {
    return wide ? box.getInt() & 0xffffffffL : box.getShort() & 0xffff;
  }

  private static long number(ByteBuffer box, int bytes) throws IOException {
    return switch (bytes) {
      case 0 -> 0;
      case 4 -> box.getInt() & 0xffffffffL;
      case 8 -> box.getLong();
      default -> throw new IOException("it has numbers of " + bytes + " bytes");
    };
  }

  private static String type(ByteBuffer box) {
    byte[] letters = new byte[4];
    box.get(letters);
    return new String(letters, StandardCharsets.ISO_8859_1);
  }
}
