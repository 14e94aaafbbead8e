package dev.showo2.media.video;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** An animated GIF that begins anew when it has come to its end. Each frame has its own colors. */
final class GifEncoder implements FrameEncoder {

  private static final String FORMAT = "javax_imageio_gif_image_1.0";
  private static final byte[] FOREVER = {1, 0, 0};

  private final double frameRate;
  private final ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
  private final ImageWriteParam parameters = writer.getDefaultWriteParam();
  private final ImageOutputStream output;
  private long count;

  GifEncoder(Path file, double frameRate) throws IOException {
    this.frameRate = frameRate;
    // Else rows are interlaced, which makes the file larger.
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
    // Not createFromRenderedImage, which takes the JDK's own palette for that of the image.
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

  /** When a frame begins. Rounded here, so that the errors of single delays do not add up. */
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
