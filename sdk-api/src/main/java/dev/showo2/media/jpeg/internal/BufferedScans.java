package dev.showo2.media.jpeg.internal;

import dev.showo2.media.ImageDecoder;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scans of an image that is stored in several of them, read in step: of each its share of one
 * row of units after the other. So the coefficients of one row are in memory, and not those of the
 * image. Not thread-safe.
 */
final class BufferedScans {

  /** Files have some ten; a small file with very many would keep the decoder busy for long. */
  private static final int MAX_SCANS = 500;

  /** Of all scans, so that a small file for a large image does not either. */
  private static final long MAX_PIXELS = 64 * ImageDecoder.MAX_PIXELS;

  private final JpegFrame frame;
  private final List<Scan> scans = new ArrayList<>();
  private boolean broken;

  BufferedScans(JpegFrame frame) {
    this.frame = frame;
    frame.components().forEach(Component::keepCoefficients);
  }

  /**
   * Adds the next scan in the order of the file.
   *
   * @param input behind its header; goes on to the marker behind its data
   * @return false if the file ends before that marker
   */
  boolean add(Scan scan, JpegInput input) throws CorruptJpegException {
    long pixels = (long) frame.size().width() * frame.size().height();
    long most = Math.min(MAX_SCANS, MAX_PIXELS / pixels);
    if (scans.size() == most) {
      throw new CorruptJpegException("it has more than " + most + " scans");
    }
    scans.add(scan);
    broken = !input.skipEntropyCoded(scan.hasRestarts());
    return !broken;
  }

  /**
   * Decodes the samples of the next row of units.
   *
   * @param band number of the row
   */
  void decodeBand(int band, InverseDct dct) throws IOException {
    for (Component component : frame.components()) {
      Arrays.fill(component.coefficients, (short) 0);
    }
    for (Scan scan : scans) {
      scan.readBand(band);
    }
    if (band == frame.size().unitsHigh() - 1) {
      requireEnd();
    }
    for (Component component : frame.components()) {
      if (component.isMissing()) {
        component.fillGray();
      } else {
        transform(component, band, dct);
      }
    }
  }

  private void requireEnd() throws IOException {
    if (broken) {
      throw new EOFException("the file ends between its segments");
    }
    for (Scan scan : scans) {
      scan.requireEnd();
    }
  }

  private static void transform(Component component, int band, InverseDct dct) {
    for (int y = 0; y < component.vertical; y++) {
      int row = band * component.vertical + y;
      for (int column = 0; column < component.storedBlocksWide; column++) {
        int at = component.coefficientsOf(row, column);
        component.transform(component.coefficients, at, row, column, dct);
      }
    }
  }
}
