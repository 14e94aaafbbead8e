package dev.showo2.media.jpeg.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same coefficients in one scan and in many: split by components, coefficients and bits, with
 * Huffman tables and restart intervals that change from scan to scan.
 */
class ScanOrderTest {

  private static final int[][] SAMPLINGS = {
    {0x11},
    {0x11, 0x11, 0x11},
    {0x22, 0x11, 0x11},
    {0x21, 0x11, 0x11},
    {0x12, 0x11, 0x11},
    {0x41, 0x11, 0x21},
    {0x22, 0x21, 0x12},
    {0x11, 0x22, 0x11},
    {0x22, 0x11, 0x11, 0x22}
  };

  static List<Long> seeds() {
    return new Random(3).longs(150).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void scansGiveTheSamePixelsAsOne(long seed) throws IOException {
    Random random = new Random(seed);
    Image image = Image.random(random);
    byte[] expected = decode(image.whole(random));
    assertArrayEquals(expected, decode(image.progressive(random)));
    assertArrayEquals(expected, decode(image.byComponents(random)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void scansThatBreakOffAreRefused(long seed) {
    Random random = new Random(seed);
    byte[] file = Image.random(random).progressive(random);
    byte[] cut = Arrays.copyOf(file, 300 + random.nextInt(file.length - 302));
    String message = assertThrows(IOException.class, () -> decode(cut)).getMessage();
    assertTrue(message.startsWith("the file ends "), message);
    byte[] unended = Arrays.copyOf(file, file.length - 2);
    assertEquals(
        "the file ends between its segments",
        assertThrows(IOException.class, () -> decode(unended)).getMessage());
  }

  /** As in libjpeg, which skips them only where it looks for a restart marker. */
  @Test
  void unknownMarkersBehindScansAreRefused() throws IOException {
    Random random = new Random(5);
    Image image = new Image(40, 30, new int[] {0x11}, random, 0.1);
    ScanEncoder.Part dc = new ScanEncoder.Part(List.of(0), 0, 0, 0, 0, 2);
    byte[] file = image.file(0xc2, List.of(dc), random);
    decode(file);
    byte[] longer = Arrays.copyOf(file, file.length + 2);
    System.arraycopy(file, file.length - 2, longer, file.length, 2);
    longer[file.length - 1] = 0x05;
    assertEquals(
        "an unknown marker follows a scan",
        assertThrows(CorruptJpegException.class, () -> decode(longer)).getMessage());
  }

  @Test
  void manyScansOfALargeImageAreRefused() throws IOException {
    Random random = new Random(6);
    Image image = new Image(8, 8, new int[] {0x11}, random, 0.1);
    ScanEncoder.Part dc = new ScanEncoder.Part(List.of(0), 0, 0, 0, 0, 1);
    byte[] file = image.file(0xc2, Collections.nCopies(65, dc), random);
    decode(file);
    int sides = 76; // behind SOI, one table, and the beginning of the frame
    System.arraycopy(new byte[] {39, 16, 39, 16}, 0, file, sides, 4); // twice 10,000
    assertEquals(
        "it has more than 64 scans",
        assertThrows(
                CorruptJpegException.class, () -> JpegDecoder.open(file, (width, height) -> {}))
            .getMessage());
  }

  @Test
  void onlyTheCoefficientsOfOneRowOfUnitsAreInMemory() throws IOException {
    Random random = new Random(1);
    for (int[] sampling : new int[][] {{0x11, 0x11, 0x11}, {0x22, 0x11, 0x11}}) {
      Image image = new Image(1600, 1200, sampling, new Random(2), 0.005);
      for (byte[] file : List.of(image.progressive(random), image.byComponents(random))) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        JpegDecoder.open(file, (width, height) -> {});
        long before = threads.getCurrentThreadAllocatedBytes();
        JpegDecoder decoder = JpegDecoder.open(file, (width, height) -> {});
        byte[] row = new byte[3 * decoder.width()];
        for (int y = 0; y < decoder.height(); y++) {
          decoder.next(row);
        }
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < 2_000_000, taken + " bytes for 1.9 million pixels");
      }
    }
  }

  private static byte[] decode(byte[] file) throws IOException {
    JpegDecoder decoder = JpegDecoder.open(file, (width, height) -> {});
    byte[] row = new byte[3 * decoder.width()];
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    for (int y = 0; y < decoder.height(); y++) {
      decoder.next(row);
      pixels.writeBytes(row);
    }
    return pixels.toByteArray();
  }

  /** Random coefficients, and the files that hold them. */
  private static final class Image {

    private final int width;
    private final int height;
    private final int[] sampling;
    private final List<ScanEncoder.Plane> planes = new ArrayList<>();

    Image(int width, int height, int[] sampling, Random random, double density) {
      this.width = width;
      this.height = height;
      this.sampling = sampling;
      int horizontal = Arrays.stream(sampling).map(each -> each >> 4).max().orElseThrow();
      int vertical = Arrays.stream(sampling).map(each -> each & 15).max().orElseThrow();
      int unitsWide = ceil(width, 8 * horizontal);
      int unitsHigh = ceil(height, 8 * vertical);
      for (int i = 0; i < sampling.length; i++) {
        int h = sampling[i] >> 4;
        int v = sampling[i] & 15;
        short[][][] blocks = new short[unitsHigh * v][unitsWide * h][];
        short[] empty = new short[64];
        for (short[][] row : blocks) {
          for (int column = 0; column < row.length; column++) {
            row[column] = random.nextDouble() < 30 * density ? block(random, density) : empty;
          }
        }
        int wide = ceil(ceil(width * h, horizontal), 8);
        int high = ceil(ceil(height * v, vertical), 8);
        planes.add(new ScanEncoder.Plane(i + 1, h, v, wide, high, blocks));
      }
    }

    static Image random(Random random) {
      int[] sampling = SAMPLINGS[random.nextInt(SAMPLINGS.length)];
      double density = random.nextBoolean() ? 0.02 : 0.3;
      return new Image(1 + random.nextInt(90), 1 + random.nextInt(90), sampling, random, density);
    }

    private static short[] block(Random random, double density) {
      short[] block = new short[64];
      block[0] = (short) (random.nextInt(1200) - 600);
      for (int k = 1; k < block.length; k++) {
        if (random.nextDouble() < density) {
          block[k] = (short) (random.nextGaussian() * 20);
        }
      }
      return block;
    }

    private static int ceil(int dividend, int divisor) {
      return (dividend + divisor - 1) / divisor;
    }

    byte[] whole(Random random) {
      return file(0xc0, List.of(new ScanEncoder.Part(all(), 0, 63, 0, 0, 0)), random);
    }

    byte[] byComponents(Random random) {
      List<ScanEncoder.Part> parts = new ArrayList<>();
      for (int plane : all()) {
        parts.add(new ScanEncoder.Part(List.of(plane), 0, 63, 0, 0, interval(random)));
      }
      Collections.shuffle(parts, random);
      return file(0xc0, parts, random);
    }

    byte[] progressive(Random random) {
      List<List<ScanEncoder.Part>> chains = new ArrayList<>();
      for (int plane : all()) {
        int split = 1 + random.nextInt(63);
        chains.add(chain(List.of(plane), 1, split, random));
        if (split < 63) {
          chains.add(chain(List.of(plane), split + 1, 63, random));
        }
      }
      List<ScanEncoder.Part> parts = new ArrayList<>(chain(all(), 0, 0, random));
      if (random.nextBoolean()) { // the bits of DC come between the coefficients, too
        chains.add(List.copyOf(parts.subList(1, parts.size())));
        parts.subList(1, parts.size()).clear();
      }
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < chains.size(); i++) {
        order.addAll(Collections.nCopies(chains.get(i).size(), i));
      }
      Collections.shuffle(order, random);
      int[] next = new int[chains.size()];
      order.forEach(chain -> parts.add(chains.get(chain).get(next[chain]++)));
      return file(0xc2, parts, random);
    }

    /** The scans of some coefficients, from their highest bits to the lowest. */
    private static List<ScanEncoder.Part> chain(
        List<Integer> planes, int first, int last, Random random) {
      List<ScanEncoder.Part> chain = new ArrayList<>();
      int before = 0;
      for (int shift = random.nextInt(4); shift >= 0; shift--) {
        chain.add(new ScanEncoder.Part(planes, first, last, before, shift, interval(random)));
        before = shift;
      }
      return chain;
    }

    private static int interval(Random random) {
      return random.nextBoolean() ? 0 : 1 + random.nextInt(40);
    }

    private List<Integer> all() {
      return IntStream.range(0, planes.size()).boxed().toList();
    }

    private byte[] file(int frame, List<ScanEncoder.Part> parts, Random random) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
      quantization(file, 2);
      file.writeBytes(
          new byte[] {(byte) 0xff, (byte) frame, 0, (byte) (8 + 3 * sampling.length), 8});
      file.writeBytes(
          new byte[] {(byte) (height >> 8), (byte) height, (byte) (width >> 8), (byte) width});
      file.write(sampling.length);
      for (int i = 0; i < sampling.length; i++) {
        file.writeBytes(new byte[] {(byte) (i + 1), (byte) sampling[i], 0});
      }
      for (int i = 0; i < parts.size(); i++) {
        if (i > 0 && i == sampling.length) {
          quantization(file, 9); // which is too late to have an effect
        }
        file.writeBytes(ScanEncoder.encode(planes, parts.get(i), frame == 0xc2, random));
      }
      file.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd9});
      return file.toByteArray();
    }

    private static void quantization(ByteArrayOutputStream file, int value) {
      byte[] table = new byte[65];
      Arrays.fill(table, 1, table.length, (byte) value);
      file.writeBytes(new byte[] {(byte) 0xff, (byte) 0xdb, 0, 67});
      file.writeBytes(table);
    }
  }
}
