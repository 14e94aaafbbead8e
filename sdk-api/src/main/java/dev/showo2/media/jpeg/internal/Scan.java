package dev.showo2.media.jpeg.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One scan: entropy-coded coefficients of some components. It has a place in the file of its own,
 * so that several scans can be read in turn. Not thread-safe.
 */
final class Scan {

  private static final int MAX_BLOCKS_OF_UNIT = 10;

  /** A component, and what this scan needs to read it. */
  static final class Source {

    final Component component;
    HuffmanTable dcTable;
    HuffmanTable acTable;

    /** The DC coefficient of the block before. */
    int prediction;

    Source(Component component) {
      this.component = component;
    }
  }

  private final JpegFrame frame;
  private final JpegInput input;
  private final List<Source> sources;
  private final int restartInterval;
  private final EntropyBits bits;
  private final BlockReader reader;
  private final short[] block = new short[Component.COEFFICIENTS];
  private int unitsToRestart;
  private int nextRestart;

  private Scan(
      JpegFrame frame,
      JpegInput input,
      int restartInterval,
      List<Source> sources,
      BlockReader.Part part) {
    this.frame = frame;
    this.input = input;
    this.sources = sources;
    this.restartInterval = restartInterval;
    this.unitsToRestart = restartInterval;
    this.bits = new EntropyBits(input);
    this.reader = new BlockReader(bits, part);
  }

  /**
   * Reads the segment behind the marker of a scan, and leaves what follows it to the scan.
   *
   * @param tables as the file has defined them so far
   */
  static Scan read(JpegInput input, JpegFrame frame, Tables tables) throws IOException {
    int end = input.segmentEnd();
    int count = input.unsignedByte();
    if (count < 1 || count > frame.components().size() || input.position() + 2 * count + 3 != end) {
      throw new CorruptJpegException("a scan has " + count + " components");
    }
    List<Source> sources = new ArrayList<>();
    int[] selectors = new int[count];
    for (int i = 0; i < count; i++) {
      sources.add(new Source(component(frame, input.unsignedByte(), sources)));
      selectors[i] = input.unsignedByte();
    }
    BlockReader.Part part = part(input, frame, count);
    int blocks = 0;
    for (Source each : sources) {
      each.component.latchQuantization(tables.quantization());
      blocks += each.component.horizontal * each.component.vertical;
    }
    if (count > 1 && blocks > MAX_BLOCKS_OF_UNIT) {
      throw new CorruptJpegException("a unit has " + blocks + " blocks");
    }
    for (int i = 0; i < count; i++) {
      if (part.first() == 0 && !part.refinement()) {
        sources.get(i).dcTable = tables.huffman(Tables.Kind.DC, selectors[i] >> 4);
      }
      if (part.last() > 0) {
        sources.get(i).acTable = tables.huffman(Tables.Kind.AC, selectors[i] & 15);
      }
    }
    return new Scan(frame, input.fork(), tables.restartInterval(), sources, part);
  }

  private static Component component(JpegFrame frame, int id, List<Source> taken)
      throws CorruptJpegException {
    for (Component each : frame.components()) {
      if (each.id == id && taken.stream().noneMatch(source -> source.component == each)) {
        return each;
      }
    }
    throw new CorruptJpegException("a scan has the component " + id + ", which the frame has not");
  }

  private static BlockReader.Part part(JpegInput input, JpegFrame frame, int components)
      throws IOException {
    int first = input.unsignedByte();
    int last = input.unsignedByte();
    int approximation = input.unsignedByte();
    if (!frame.progressive()) {
      return new BlockReader.Part(false, 0, Component.COEFFICIENTS - 1, false, 0);
    }
    int before = approximation >> 4;
    int shift = approximation & 15;
    boolean band =
        first == 0 ? last == 0 : first <= last && last < Component.COEFFICIENTS && components == 1;
    if (!band || shift > 13 || before != 0 && shift != before - 1) {
      throw new CorruptJpegException(
          "a scan has the coefficients "
              + first
              + " to "
              + last
              + " from bit "
              + before
              + " to "
              + shift);
    }
    return new BlockReader.Part(true, first, last, before != 0, shift);
  }

  private boolean isInterleaved() {
    return sources.size() > 1;
  }

  /** Whether the scan has all that there is of the image. */
  boolean isWhole() {
    return !frame.progressive() && sources.size() == frame.components().size();
  }

  /** Whether markers within the data may be restart markers. */
  boolean hasRestarts() {
    return restartInterval != 0;
  }

  /**
   * Reads the coefficients of a row of units into their components.
   *
   * @param band of the image, counted in units of all components
   */
  void readBand(int band) throws IOException {
    if (isInterleaved()) {
      decodeRow(band, null);
      return;
    }
    Component component = sources.get(0).component;
    int end = Math.min(component.blocksHigh, (band + 1) * component.vertical);
    for (int row = band * component.vertical; row < end; row++) {
      decodeRow(row, null);
    }
  }

  /**
   * Makes sure that the marker behind the data is one, once all bands have been read. One that was
   * taken for a damaged restart marker but was not needed has no meaning.
   */
  void requireEnd() throws IOException {
    if (hasRestarts() && !input.isBeforeSegment()) {
      throw new CorruptJpegException("an unknown marker follows a scan");
    }
  }

  /**
   * Decodes a row of units.
   *
   * @param row of the units; of blocks if there is one component
   * @param dct turns each block into samples; null if coefficients are kept
   */
  void decodeRow(int row, InverseDct dct) throws IOException {
    boolean ended = bits.isExhausted() && (!hasRestarts() || input.isAtSegment());
    if (dct == null && ended) {
      return; // the blocks that are missing stay as they are
    }
    if (!isInterleaved()) {
      Source source = sources.get(0);
      for (int column = 0; column < source.component.blocksWide; column++) {
        restartIfDue();
        decode(source, row, column, !bits.isExhausted(), dct);
        unitsToRestart--;
      }
      return;
    }
    for (int unit = 0; unit < frame.size().unitsWide(); unit++) {
      restartIfDue();
      // All blocks of a unit whose bits ended are read; those of later units are not.
      boolean present = !bits.isExhausted();
      for (Source source : sources) {
        Component component = source.component;
        for (int y = 0; y < component.vertical; y++) {
          for (int x = 0; x < component.horizontal; x++) {
            int blockRow = row * component.vertical + y;
            int blockColumn = unit * component.horizontal + x;
            decode(source, blockRow, blockColumn, present, dct);
          }
        }
      }
      unitsToRestart--;
    }
  }

  private void restartIfDue() throws IOException {
    if (restartInterval == 0 || unitsToRestart != 0) {
      return;
    }
    if (input.restart(nextRestart)) {
      bits.restart();
    } else {
      bits.drop();
    }
    nextRestart = nextRestart + 1 & 7;
    unitsToRestart = restartInterval;
    reader.restart();
    sources.forEach(each -> each.prediction = 0);
  }

  private void decode(Source source, int row, int column, boolean present, InverseDct dct)
      throws IOException {
    Component component = source.component;
    if (dct != null) {
      Arrays.fill(block, (short) 0);
      if (present) {
        reader.read(source, block, 0);
      }
      component.transform(block, 0, row, column, dct);
    } else if (present) {
      reader.read(source, component.coefficients, component.coefficientsOf(row, column));
    }
  }
}
