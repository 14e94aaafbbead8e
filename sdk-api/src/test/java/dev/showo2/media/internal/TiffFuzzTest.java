package dev.showo2.media.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.media.MediaFixtures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** TIFF files, changed. */
class TiffFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    FuzzedImage.readOrRefuse(file);
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.concat(
        FuzzedImage.seeds("pillow_webp_tiff.json", ImageFormat.TIFF),
        Stream.of(
            Named.of("JPEG", tiff(BufferedImage.TYPE_3BYTE_BGR, "JPEG", 0)),
            Named.of("T.4", tiff(BufferedImage.TYPE_BYTE_BINARY, "CCITT T.4", 0)),
            Named.of("T.6", tiff(BufferedImage.TYPE_BYTE_BINARY, "CCITT T.6", 0)),
            Named.of("runs", tiff(BufferedImage.TYPE_BYTE_BINARY, "CCITT RLE", 0)),
            Named.of("tiles", tiff(BufferedImage.TYPE_BYTE_GRAY, "LZW", 16)),
            Named.of("16 bits", tiff(BufferedImage.TYPE_USHORT_GRAY, "ZLib", 0))));
  }

  /**
   * @param compression of the JDK; null for none
   * @param tile side of tiles; 0 for strips
   */
  static byte[] tiff(int type, String compression, int tile) {
    BufferedImage image = new BufferedImage(20, 9, type);
    image.createGraphics().drawImage(MediaFixtures.noise(20, 9, 1), 0, 0, null);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    ImageWriteParam settings = writer.getDefaultWriteParam();
    if (compression != null) {
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionType(compression);
    }
    if (tile > 0) {
      settings.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setTiling(tile, tile, 0, 0);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }
}
