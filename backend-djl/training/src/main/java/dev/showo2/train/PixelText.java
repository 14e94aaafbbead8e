package dev.showo2.train;

import java.awt.image.BufferedImage;
import java.util.Locale;

/** Writes short texts into images without fonts, which a server may not have. */
final class PixelText {

  static final int SCALE = 2;
  static final int HEIGHT = 5 * SCALE;

  private static final int ADVANCE = 4 * SCALE;

  private static final String CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz.-+";

  /** Of each character five rows from the top, a bit for each of three columns. */
  private static final String[] GLYPHS = {
    "75557", "26227", "71747", "71717", "55711", "74717", "74757", "71122", "75757", "75717",
    "25755", "65656", "34443", "65556", "74647", "74644", "34553", "55755", "72227", "11152",
    "55655", "44447", "57755", "65555", "25552", "65644", "25573", "65655", "34216", "72222",
    "55557", "55552", "55775", "55255", "55222", "71247", "00002", "00700", "02720"
  };

  private PixelText() {}

  /** {@return the width of a text in pixels} */
  static int width(String text) {
    return text.length() * ADVANCE - SCALE;
  }

  /**
   * Writes a text. Letters are capitals, and what is neither letter, digit, dot nor sign is a
   * space.
   *
   * @param x left column
   * @param y top row
   */
  static void draw(BufferedImage image, String text, int x, int y, int color) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      int index = CHARACTERS.indexOf(lower.charAt(i));
      if (index >= 0) {
        drawGlyph(image, GLYPHS[index], x + i * ADVANCE, y, color);
      }
    }
  }

  private static void drawGlyph(BufferedImage image, String glyph, int left, int top, int color) {
    for (int y = 0; y < HEIGHT; y++) {
      int bits = glyph.charAt(y / SCALE) - '0';
      for (int x = 0; x < 3 * SCALE; x++) {
        if ((bits >> (2 - x / SCALE) & 1) == 1) {
          image.setRGB(left + x, top + y, color);
        }
      }
    }
  }
}
