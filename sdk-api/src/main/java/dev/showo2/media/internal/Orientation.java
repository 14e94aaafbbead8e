package dev.showo2.media.internal;

import java.awt.image.BufferedImage;
import org.apiguardian.api.API;

/**
 * The rotation or mirroring that turns stored rows and columns upright: the eight values of EXIF's
 * orientation, which the display matrix of a video expresses as numbers. Immutable.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum Orientation {
  NORMAL(1, 0, 0, 1),
  MIRRORED(-1, 0, 0, 1),
  TURNED_180(-1, 0, 0, -1),
  FLIPPED(1, 0, 0, -1),
  TRANSPOSED(0, 1, 1, 0),
  TURNED_90_CLOCKWISE(0, 1, -1, 0),
  TRANSVERSED(0, -1, -1, 0),
  TURNED_270_CLOCKWISE(0, -1, 1, 0);

  // A stored pixel (p, q) is shown at (a p + c q, b p + d q), moved so that nothing is negative.
  private final int a;
  private final int b;
  private final int c;
  private final int d;

  Orientation(int a, int b, int c, int d) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /**
   * Finds the orientation of an EXIF value.
   *
   * @param value of EXIF's tag 0x0112, 1 to 8
   * @return the orientation; {@link #NORMAL} for other values
   */
  public static Orientation ofExif(int value) {
    return value >= 1 && value <= values().length ? values()[value - 1] : NORMAL;
  }

  /**
   * Reads the linear part of a matrix that shows a stored pixel (p, q) at (a p + c q, b p + d q).
   *
   * @param a horizontal share of p
   * @param b vertical share of p
   * @param c horizontal share of q
   * @param d vertical share of q
   * @return the orientation with these signs; {@link #NORMAL} for angles that are no multiple of 90
   *     degrees, which are not applied
   */
  public static Orientation ofMatrix(int a, int b, int c, int d) {
    for (Orientation each : values()) {
      if (each.a == Integer.signum(a)
          && each.b == Integer.signum(b)
          && each.c == Integer.signum(c)
          && each.d == Integer.signum(d)) {
        return each;
      }
    }
    return NORMAL;
  }

  /** {@return whether rows become columns} */
  public boolean isSideways() {
    return a == 0;
  }

  /** {@return whether the pixels of a stored row are shown from its last one on} */
  public boolean isReversed() {
    return a + b < 0;
  }

  /** {@return whether the stored rows are shown from the last one on} */
  public boolean isFromTheEnd() {
    return c + d < 0;
  }

  /**
   * Puts a stored row to its place in the upright image.
   *
   * @param row packed red, green and blue of its pixels; may be reversed
   * @param q of the row as it is stored, from the top
   * @param height of the image as it is stored
   * @param upright the target, of {@link BufferedImage#TYPE_INT_RGB}
   */
  public void place(int[] row, int q, int height, BufferedImage upright) {
    if (isReversed()) {
      reverse(row);
    }
    int at = isFromTheEnd() ? height - 1 - q : q;
    if (isSideways()) {
      upright.getRaster().setDataElements(at, 0, 1, row.length, row);
    } else {
      upright.getRaster().setDataElements(0, at, row.length, 1, row);
    }
  }

  /**
   * Turns an image upright.
   *
   * @param image of {@link BufferedImage#TYPE_INT_RGB}
   * @return the upright image; the same object for {@link #NORMAL}
   */
  public BufferedImage apply(BufferedImage image) {
    if (this == NORMAL) {
      return image;
    }
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage turned =
        new BufferedImage(
            isSideways() ? height : width,
            isSideways() ? width : height,
            BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int q = 0; q < height; q++) {
      image.getRaster().getDataElements(0, q, width, 1, row);
      place(row, q, height, turned);
    }
    return turned;
  }

  private static void reverse(int[] row) {
    for (int i = 0, j = row.length - 1; i < j; i++, j--) {
      int left = row[i];
      row[i] = row[j];
      row[j] = left;
    }
  }
}
