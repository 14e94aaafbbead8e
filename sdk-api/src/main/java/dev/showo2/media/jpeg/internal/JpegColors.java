package dev.showo2.media.jpeg.internal;

/** The colors that the components of a file stand for, and their conversion to RGB. */
enum JpegColors {
  /** One component. */
  GRAY {
    @Override
    void toRgb(byte[][] rows, int width, byte[] rgb) {
      for (int x = 0; x < width; x++) {
        byte gray = rows[0][x];
        rgb[3 * x] = gray;
        rgb[3 * x + 1] = gray;
        rgb[3 * x + 2] = gray;
      }
    }
  },

  /** Red, green and blue. */
  RGB {
    @Override
    void toRgb(byte[][] rows, int width, byte[] rgb) {
      for (int x = 0; x < width; x++) {
        rgb[3 * x] = rows[0][x];
        rgb[3 * x + 1] = rows[1][x];
        rgb[3 * x + 2] = rows[2][x];
      }
    }
  },

  /** Luma and two chroma components. */
  YCC {
    @Override
    void toRgb(byte[][] rows, int width, byte[] rgb) {
      for (int x = 0; x < width; x++) {
        int luma = rows[0][x] & 0xff;
        int cb = (rows[1][x] & 0xff) - 128;
        int cr = (rows[2][x] & 0xff) - 128;
        rgb[3 * x] = (byte) red(luma, cr);
        rgb[3 * x + 1] = (byte) green(luma, cb, cr);
        rgb[3 * x + 2] = (byte) blue(luma, cb);
      }
    }
  },

  /** Inks, stored inverted as Adobe's programs do: 255 is no ink. */
  CMYK {
    @Override
    void toRgb(byte[][] rows, int width, byte[] rgb) {
      for (int x = 0; x < width; x++) {
        int black = rows[3][x] & 0xff;
        rgb[3 * x] = (byte) mix(rows[0][x] & 0xff, black);
        rgb[3 * x + 1] = (byte) mix(rows[1][x] & 0xff, black);
        rgb[3 * x + 2] = (byte) mix(rows[2][x] & 0xff, black);
      }
    }
  },

  /** Luma and chroma of three inks, and black. */
  YCCK {
    @Override
    void toRgb(byte[][] rows, int width, byte[] rgb) {
      for (int x = 0; x < width; x++) {
        int luma = rows[0][x] & 0xff;
        int cb = (rows[1][x] & 0xff) - 128;
        int cr = (rows[2][x] & 0xff) - 128;
        int black = rows[3][x] & 0xff;
        rgb[3 * x] = (byte) mix(255 - red(luma, cr), black);
        rgb[3 * x + 1] = (byte) mix(255 - green(luma, cb, cr), black);
        rgb[3 * x + 2] = (byte) mix(255 - blue(luma, cb), black);
      }
    }
  };

  /**
   * Converts a row.
   *
   * @param rows the samples of each component
   * @param width in pixels
   * @param rgb receives red, green and blue of every pixel
   */
  abstract void toRgb(byte[][] rows, int width, byte[] rgb);

  // libjpeg converts with 16 bits of fraction.

  private static int red(int luma, int cr) {
    return clamp(luma + (91_881 * cr + 32_768 >> 16));
  }

  private static int green(int luma, int cb, int cr) {
    return clamp(luma + (-22_554 * cb - 46_802 * cr + 32_768 >> 16));
  }

  private static int blue(int luma, int cb) {
    return clamp(luma + (116_130 * cb + 32_768 >> 16));
  }

  private static int clamp(int value) {
    return value < 0 ? 0 : Math.min(value, 255);
  }

  /**
   * As Pillow mixes them: red = (255 - cyan) (255 - black) / 255.
   *
   * @param ink inverted, 0 to 255
   * @param black inverted, 0 to 255
   */
  private static int mix(int ink, int black) {
    int product = (255 - ink) * black + 128;
    return Math.max(0, black - ((product >> 8) + product >> 8));
  }
}
