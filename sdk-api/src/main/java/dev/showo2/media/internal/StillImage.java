package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.media.jpeg.internal.JpegDecoder;
import dev.showo2.media.png.internal.PngDecoder;
import dev.showo2.media.video.internal.Ffmpeg;
import dev.showo2.media.video.internal.FfmpegImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import org.apiguardian.api.API;

/**
 * An image file whose header has been read. Its rows are decoded once, by {@link #read}. Not
 * thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StillImage {

  private final ImageFormat format;
  private final String origin;
  private final RgbSource source;
  private final Orientation orientation;

  private StillImage(ImageFormat format, String origin, RgbSource source, Orientation orientation) {
    this.format = format;
    this.origin = origin;
    this.source = source;
    this.orientation = orientation;
  }

  /**
   * Reads the header.
   *
   * @param file a whole image file
   * @param format of the file
   * @param origin where the file comes from, for messages
   * @param maxPixels the largest number of pixels
   * @return the image, before its rows are decoded
   * @throws InvalidRequestException if the file is corrupt or too large
   */
  public static StillImage open(byte[] file, ImageFormat format, String origin, long maxPixels) {
    SizeCheck sizeCheck = SizeCheck.of(maxPixels, origin);
    try {
      return switch (format) {
        case JPEG -> {
          JpegDecoder jpeg = JpegDecoder.open(file, sizeCheck);
          yield new StillImage(format, origin, jpeg, OrientationTag.of(jpeg.exif(), jpeg.xmp()));
        }
        case PNG -> {
          PngDecoder png = PngDecoder.open(file, sizeCheck);
          yield new StillImage(format, origin, png, OrientationTag.of(png.exif(), png.xmp()));
        }
        case BMP ->
            new StillImage(format, origin, BmpImage.open(file, sizeCheck), Orientation.NORMAL);
        case GIF ->
            new StillImage(format, origin, GifStill.open(file, sizeCheck), Orientation.NORMAL);
        case TIFF ->
            new StillImage(
                format,
                origin,
                rows(TiffImage.read(file, origin, sizeCheck)),
                OrientationTag.of(file, null));
        case WEBP -> {
          WebpFile webp = WebpFile.read(file);
          sizeCheck.check(webp.width(), webp.height());
          sizeCheck.check(webp.canvasWidth(), webp.canvasHeight());
          yield new StillImage(
              format, origin, webp(webp, origin), OrientationTag.of(webp.exif(), webp.xmp()));
        }
        case AVIF, HEIC ->
            new StillImage(
                format, origin, byFfmpeg(file, format, origin, sizeCheck), Orientation.NORMAL);
      };
    } catch (ShowO2Exception e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw JdkImageReader.corrupt(origin, format, e);
    }
  }

  private static RgbSource webp(WebpFile webp, String origin) throws IOException {
    Ffmpeg.require("reading the WebP image " + origin, "or save the image as PNG or JPEG");
    BufferedImage frame = FfmpegImages.decodeWebp(webp.frame());
    if (webp.canvasWidth() == frame.getWidth() && webp.canvasHeight() == frame.getHeight()) {
      return rows(frame);
    }
    BufferedImage canvas =
        new BufferedImage(webp.canvasWidth(), webp.canvasHeight(), BufferedImage.TYPE_INT_RGB);
    canvas.createGraphics().drawImage(frame, webp.x(), webp.y(), null);
    return rows(canvas);
  }

  private static RgbSource byFfmpeg(
      byte[] file, ImageFormat format, String origin, SizeCheck sizeCheck) throws IOException {
    Ffmpeg.require(
        "reading the " + format + " image " + origin, "or save the image as PNG or JPEG");
    return rows(FfmpegImages.decode(file, "mov", sizeCheck));
  }

  private static RgbSource rows(BufferedImage image) {
    RgbRows rows = RgbRows.of(image);
    return new RgbSource() {
      private int next;

      @Override
      public int width() {
        return rows.width();
      }

      @Override
      public int height() {
        return rows.height();
      }

      @Override
      public void next(byte[] rgb) {
        rows.read(next++, rgb);
      }
    };
  }

  /** {@return the width of the upright image in pixels} */
  public int width() {
    return orientation.isSideways() ? source.height() : source.width();
  }

  /** {@return the height of the upright image in pixels} */
  public int height() {
    return orientation.isSideways() ? source.width() : source.height();
  }

  /**
   * Decodes the image as the mask of an edit.
   *
   * @param file the whole file, once more
   * @return the upright selection, of {@link BufferedImage#TYPE_INT_RGB}; see {@link MaskSelection}
   * @throws InvalidRequestException if the file is corrupt, of a format whose alpha is not read, or
   *     a mask that can be meant in two ways
   */
  public BufferedImage readMask(byte[] file) {
    return switch (format) {
      case JPEG -> read();
      case PNG, BMP -> {
        // With the JDK's reader, since the alpha is needed.
        BufferedImage mask =
            JdkImageReader.decode(
                format == ImageFormat.PNG ? PngDecoder.withoutMetadata(file) : file,
                format,
                origin,
                (width, height) -> {},
                reader -> reader.read(0));
        yield new StillImage(format, origin, rows(MaskSelection.of(mask)), orientation).read();
      }
      case GIF -> {
        try {
          BufferedImage mask = MaskSelection.of(GifStill.withAlpha(file, width(), height()));
          yield new StillImage(format, origin, rows(mask), orientation).read();
        } catch (IOException e) {
          throw JdkImageReader.corrupt(origin, format, e);
        }
      }
      default ->
          throw new InvalidRequestException(
              "mask: a PNG, JPEG, BMP or GIF image was expected, whose alpha can be read, but "
                  + origin
                  + " is "
                  + format.withArticle()
                  + " image; save it as PNG");
    };
  }

  /**
   * Decodes the rows and keeps only the middle, scaled until it covers a target: the pixels to
   * which {@link ImagePreprocessor#centerCrop} scales the whole image, without having it in memory.
   *
   * @param targetWidth in pixels, at least 1
   * @param targetHeight in pixels, at least 1
   * @return the upright middle, of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException if the file is corrupt
   */
  public BufferedImage readCovering(int targetWidth, int targetHeight) {
    try {
      ImagePreprocessor.Covering covering =
          ImagePreprocessor.Covering.of(width(), height(), targetWidth, targetHeight);
      byte[] rgb = new StreamedResize(source, orientation, covering).run();
      int[] pixels = new int[targetWidth * targetHeight];
      pack(rgb, pixels);
      BufferedImage image =
          new BufferedImage(targetWidth, targetHeight, BufferedImage.TYPE_INT_RGB);
      image.getRaster().setDataElements(0, 0, targetWidth, targetHeight, pixels);
      return image;
    } catch (IOException | RuntimeException e) {
      throw JdkImageReader.corrupt(origin, format, e);
    }
  }

  private static void pack(byte[] rgb, int[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
    }
  }

  /**
   * Decodes the rows.
   *
   * @return the upright image, of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException if the file is corrupt
   */
  public BufferedImage read() {
    try {
      BufferedImage image = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
      byte[] row = new byte[3 * source.width()];
      int[] packed = new int[source.width()];
      for (int y = 0; y < source.height(); y++) {
        source.next(row);
        pack(row, packed);
        orientation.place(packed, y, source.height(), image);
      }
      return image;
    } catch (IOException | RuntimeException e) {
      throw JdkImageReader.corrupt(origin, format, e);
    }
  }
}
