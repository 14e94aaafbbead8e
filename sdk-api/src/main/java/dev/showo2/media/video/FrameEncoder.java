package dev.showo2.media.video;

import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes frames of equal size to a file in one format. The opener closes it. Not thread-safe. */
interface FrameEncoder extends AutoCloseable {

  void add(BufferedImage frame) throws IOException;

  /** Writes buffered frames and the end of the file; no frames may be added afterwards. */
  void finish() throws IOException;

  @Override
  void close() throws IOException;

  /** Writes a looping animated GIF. Each frame has a palette of its own. */
  final class Gif implements FrameEncoder {

    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    private static final byte[] FOREVER = {1, 0, 0};

    private final double frameRate;
    private final ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    private final ImageWriteParam parameters = writer.getDefaultWriteParam();
    private final ImageOutputStream output;
    private long count;

    Gif(Path file, double frameRate) throws IOException {
      this.frameRate = frameRate;
      // By default rows are interlaced, which makes the file larger.
      parameters.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
      this.output =
          new MemoryCacheImageOutputStream(
              new BufferedOutputStream(
                  Files.newOutputStream(
                      file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
      try {
        writer.setOutput(output);
        writer.prepareWriteSequence(null);
      } catch (IOException | RuntimeException | Error e) {
        FrameEncoder unfinished = this;
        try (unfinished) {
          throw e; // after closing
        }
      }
    }

    @Override
    public void add(BufferedImage frame) throws IOException {
      BufferedImage indexed = ColorQuantizer.quantize(frame);
      // Not createFromRenderedImage, which uses the JDK's own palette instead of the image's.
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(new ImageTypeSpecifier(indexed), parameters);
      metadata.mergeTree(FORMAT, describe());
      writer.writeToSequence(new IIOImage(indexed, null, metadata), parameters);
      output.flushBefore(output.getStreamPosition());
      count++;
    }

    private IIOMetadataNode describe() {
      IIOMetadataNode root = new IIOMetadataNode(FORMAT);
      IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
      control.setAttribute("disposalMethod", "none");
      control.setAttribute("userInputFlag", "FALSE");
      control.setAttribute("transparentColorFlag", "FALSE");
      control.setAttribute("transparentColorIndex", "0");
      control.setAttribute("delayTime", Long.toString(hundredths(count + 1) - hundredths(count)));
      root.appendChild(control);
      if (count == 0) {
        IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(FOREVER);
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(loop);
        root.appendChild(extensions);
      }
      return root;
    }

    /** The start of a frame, rounded here, so that errors of single delays do not accumulate. */
    private long hundredths(long frame) {
      return Math.round(100 * frame / frameRate);
    }

    @Override
    public void finish() throws IOException {
      writer.endWriteSequence();
      output.flush();
    }

    @Override
    public void close() throws IOException {
      writer.dispose();
      output.close();
    }
  }

  /** Writes a folder of PNG images: frame-0001.png and so on. */
  final class PngFolder implements FrameEncoder {

    private final Path folder;
    private int count;

    PngFolder(Path folder) throws IOException {
      this.folder = Files.createDirectory(folder);
    }

    @Override
    public void add(BufferedImage frame) throws IOException {
      String name = String.format(Locale.ROOT, "frame-%04d.png", ++count);
      Files.write(folder.resolve(name), PngWriter.encode(frame, PngText.NONE));
    }

    @Override
    public void finish() {
      // Every image is a complete file already.
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }
}
