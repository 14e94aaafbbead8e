package dev.showo2.media.jpeg.internal;

import dev.showo2.media.internal.SizeCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The frame header: what the image consists of.
 *
 * @param size in pixels and units
 * @param components one to four
 * @param progressive whether coefficients come in several scans
 */
record JpegFrame(Size size, List<Component> components, boolean progressive) {

  private static final int BASELINE = 0xc0;
  private static final int EXTENDED = 0xc1;
  private static final int PROGRESSIVE = 0xc2;

  /** Decoders of 8 bits have no more; libjpeg has this limit. */
  private static final int MAX_SIDE = 65_500;

  /**
   * The size of a frame.
   *
   * @param width in pixels
   * @param height in pixels
   * @param maxHorizontal the most blocks of a component in a unit, side by side
   * @param maxVertical the most blocks of a component in a unit, one below the other
   */
  record Size(int width, int height, int maxHorizontal, int maxVertical) {

    int unitsWide() {
      return (width - 1) / (Component.BLOCK * maxHorizontal) + 1;
    }

    int unitsHigh() {
      return (height - 1) / (Component.BLOCK * maxVertical) + 1;
    }
  }

  /** Whether a marker begins a frame: SOF0 to SOF15 without DHT, JPG and DAC in the same range. */
  static boolean begins(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /**
   * Reads the segment behind the marker.
   *
   * @param sizeCheck sees width and height before anything is allocated
   */
  static JpegFrame read(JpegInput input, int marker, SizeCheck sizeCheck) throws IOException {
    if (marker != BASELINE && marker != EXTENDED && marker != PROGRESSIVE) {
      throw new CorruptJpegException(
          "it is lossless, hierarchical or arithmetic-coded (frame type "
              + (marker - BASELINE)
              + "), which few programs write");
    }
    int end = input.segmentEnd();
    int bits = input.unsignedByte();
    int height = input.unsignedShort();
    int width = input.unsignedShort();
    int count = input.unsignedByte();
    if (bits != 8) {
      throw new CorruptJpegException("it has " + bits + " bits a sample; only 8 are read");
    }
    if (width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new CorruptJpegException("its frame has " + width + "x" + height + " pixels");
    }
    sizeCheck.check(width, height);
    if (count != 1 && count != 3 && count != 4 || input.position() + 3 * count != end) {
      throw new CorruptJpegException("its frame has " + count + " components");
    }
    int[][] fields = new int[count][3];
    int maxHorizontal = 1;
    int maxVertical = 1;
    for (int[] each : fields) {
      each[0] = input.unsignedByte();
      each[1] = input.unsignedByte();
      each[2] = input.unsignedByte();
      if (count == 1) {
        each[1] = 0x11; // alone, it has one block in a unit whatever the file says
      }
      maxHorizontal = Math.max(maxHorizontal, factor(each[1] >> 4));
      maxVertical = Math.max(maxVertical, factor(each[1] & 15));
    }
    Size size = new Size(width, height, maxHorizontal, maxVertical);
    List<Component> components = new ArrayList<>();
    for (int[] each : fields) {
      int horizontal = each[1] >> 4;
      int vertical = each[1] & 15;
      if (maxHorizontal % horizontal != 0 || maxVertical % vertical != 0) {
        throw new CorruptJpegException("the sampling factors of its components do not fit");
      }
      components.add(new Component(each[0], horizontal, vertical, each[2], size));
    }
    return new JpegFrame(size, List.copyOf(components), marker == PROGRESSIVE);
  }

  private static int factor(int factor) throws CorruptJpegException {
    if (factor < 1 || factor > 4) {
      throw new CorruptJpegException("a component has a sampling factor of " + factor);
    }
    return factor;
  }
}
