package dev.showo2.samples.cli;

import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.media.video.VideoWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Image files in the format that their names end with; a name without an end is a PNG file. */
final class ImageFile {

  static final String FORMATS = ".png, .jpg, .jpeg, .bmp, .gif, .tif or .tiff";

  private static final String PNG = "png";
  private static final String GIF = "gif";

  /** Names of the JDK's writers. */
  private static final Map<String, String> WRITERS =
      Map.of("jpg", "jpeg", "jpeg", "jpeg", "bmp", "bmp", "tif", "tiff", "tiff", "tiff");

  /** Hardly a visible loss; the JDK's own choice, 0.75, blurs the edges of drawings. */
  private static final float JPEG_QUALITY = 0.95f;

  private ImageFile() {}

  /**
   * Found now, and not when a long drawing is done.
   *
   * @param option that names the file, for messages
   * @throws ParameterException if it cannot be written, or the format is unknown
   */
  static void require(Path file, String option, CommandSpec command) {
    String suffix = suffix(file);
    if (!suffix.equals(PNG) && !suffix.equals(GIF) && !WRITERS.containsKey(suffix)) {
      throw new ParameterException(
          command.commandLine(),
          option
              + ": a name that ends with "
              + FORMATS
              + " is needed, found "
              + file.getFileName());
    }
    OutputFile.require(file, option, command);
  }

  /** Whether the file carries the settings of its image. */
  static boolean carriesSettings(Path file) {
    return suffix(file).equals(PNG);
  }

  /**
   * The file appears complete or not at all.
   *
   * @param settings stored in PNG files only
   */
  static void write(BufferedImage image, PngText settings, Path file) throws IOException {
    String suffix = suffix(file);
    if (suffix.equals(PNG)) {
      PngWriter.write(image, settings, file);
    } else if (suffix.equals(GIF)) {
      try (VideoWriter writer = VideoWriter.create(file, 1)) {
        writer.frame(0, image);
        writer.finish();
      }
    } else {
      try (PendingFile pending = PendingFile.file(file, "an image")) {
        write(opaque(image), WRITERS.get(suffix), pending.path());
        pending.complete();
      }
    }
  }

  private static void write(BufferedImage image, String format, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (ImageOutputStream output = ImageIO.createImageOutputStream(file.toFile())) {
      if (output == null) {
        throw new IOException(file + " cannot be written to");
      }
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(output);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
  }

  /** The writers of JPEG and BMP refuse alpha. */
  private static BufferedImage opaque(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_INT_RGB) {
      return image;
    }
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        copy.setRGB(x, y, image.getRGB(x, y));
      }
    }
    return copy;
  }

  private static String suffix(Path file) {
    Path name = file.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    // A dot at the start is no suffix.
    return dot < 1 ? PNG : text.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
