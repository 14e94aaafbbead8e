package dev.showo2.media.jpeg.internal;

import dev.showo2.media.internal.RgbSource;
import dev.showo2.media.internal.SizeCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Decodes a JPEG file row by row: baseline and progressive, with Huffman codes, of one, three or
 * four components. The pixels are those of libjpeg-turbo 3, and of CMYK those of Pillow's {@code
 * convert("RGB")}; profiles are not looked at. Damage inside of the pixels shows as it does there;
 * a file that ends before its pixels do is refused. In progressive files whose first AC
 * coefficients were never sent, libjpeg smooths blocks; this does not.
 *
 * <p>Takes no memory beyond a few rows: the scans of a progressive file are found first and then
 * read in step. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class JpegDecoder implements RgbSource {

  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int QUANTIZATION_TABLES = 0xdb;
  private static final int RESTART_INTERVAL = 0xdd;
  private static final int TEMPORARY = 0x01;
  private static final int FIRST_RESTART = 0xd0;
  private static final int LAST_RESTART = 0xd7;
  private static final int JFIF_MARKER = 0xe0;
  private static final int ADOBE_MARKER = 0xee;
  private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
  private static final int METADATA_MARKER = 0xe1;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] XMP =
      "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

  private final JpegInput input;
  private final SizeCheck sizeCheck;
  private final Tables tables = new Tables();
  private final InverseDct dct = new InverseDct();
  private JpegFrame frame;
  private boolean jfif;
  private int adobeTransform = -1;
  private final ByteArrayOutputStream exif = new ByteArrayOutputStream();
  private byte[] xmp;

  private Scan scan;

  /** Null if one scan has all of the image. */
  private BufferedScans buffered;

  private Upsampler[] upsamplers;
  private JpegColors colors;
  private byte[][] rows;
  private int bandsDone;
  private int nextRow;

  private JpegDecoder(byte[] file, SizeCheck sizeCheck) {
    this.input = new JpegInput(file);
    this.sizeCheck = sizeCheck;
  }

  /**
   * Reads the segments up to the pixels, and of a progressive file those between its scans.
   *
   * @param file a whole file; kept, not written to
   * @param sizeCheck sees the size first
   * @return the decoder, before the first row
   * @throws IOException if the file is corrupt, of an unsupported kind or ends too early
   */
  public static JpegDecoder open(byte[] file, SizeCheck sizeCheck) throws IOException {
    JpegDecoder decoder = new JpegDecoder(file, sizeCheck);
    if (!decoder.findScan()) {
      throw new CorruptJpegException("it holds no image");
    }
    decoder.start();
    return decoder;
  }

  /** Reads segments until a scan begins; false at the end of the image. */
  private boolean findScan() throws IOException {
    while (true) {
      int marker = input.nextMarker();
      switch (marker) {
        case END -> {
          return false;
        }
        case SCAN -> {
          if (frame == null) {
            throw new CorruptJpegException("a scan comes before the frame");
          }
          scan = Scan.read(input, frame, tables);
          return true;
        }
        case HUFFMAN_TABLES -> tables.readHuffman(input);
        case QUANTIZATION_TABLES -> tables.readQuantization(input);
        case RESTART_INTERVAL -> tables.readRestartInterval(input);
        case START -> throw new CorruptJpegException("another image begins within it");
        default -> other(marker);
      }
    }
  }

  private void other(int marker) throws IOException {
    if (JpegFrame.begins(marker)) {
      if (frame != null) {
        throw new CorruptJpegException("it has two frames");
      }
      frame = JpegFrame.read(input, marker, sizeCheck);
    } else if (marker != TEMPORARY && (marker < FIRST_RESTART || marker > LAST_RESTART)) {
      int end = input.segmentEnd();
      int length = end - input.position();
      if (marker == JFIF_MARKER && length >= 14 && begins(JFIF)) {
        jfif = true;
      } else if (marker == ADOBE_MARKER && length >= 12 && begins(ADOBE)) {
        adobeTransform = input.file()[input.position() + 11] & 0xff;
      } else if (marker == METADATA_MARKER && scan == null) {
        metadata(end);
      }
      input.position(end);
    }
  }

  /** EXIF data that is too long for one segment goes on in the next one. */
  private void metadata(int end) {
    int at = input.position();
    if (end - at >= EXIF.length && begins(EXIF)) {
      exif.write(input.file(), at + EXIF.length, end - at - EXIF.length);
    } else if (end - at >= XMP.length && begins(XMP)) {
      xmp = Arrays.copyOfRange(input.file(), at + XMP.length, end);
    }
  }

  /** {@return the EXIF data of the segments before the pixels; null if there is none} */
  public byte[] exif() {
    return exif.size() == 0 ? null : exif.toByteArray();
  }

  /** {@return the XMP packet of a segment before the pixels; null if there is none} */
  public byte[] xmp() {
    return xmp;
  }

  private boolean begins(byte[] with) {
    for (int i = 0; i < with.length; i++) {
      if (input.file()[input.position() + i] != with[i]) {
        return false;
      }
    }
    return true;
  }

  private void start() throws IOException {
    List<Component> components = frame.components();
    colors = colors();
    if (!scan.isWhole()) {
      buffered = new BufferedScans(frame);
      while (buffered.add(scan, input) && findScan()) {
        // Only finds them; their data is read with the rows.
      }
    }
    upsamplers = new Upsampler[components.size()];
    rows = new byte[components.size()][];
    for (int i = 0; i < rows.length; i++) {
      Component component = components.get(i);
      upsamplers[i] = new Upsampler(component, frame.size());
      int widening = frame.size().maxHorizontal() / component.horizontal;
      rows[i] = new byte[Math.max(frame.size().width(), widening * component.width)];
    }
  }

  private JpegColors colors() {
    List<Component> components = frame.components();
    return switch (components.size()) {
      case 1 -> JpegColors.GRAY;
      case 3 -> {
        if (jfif) {
          yield JpegColors.YCC;
        }
        if (adobeTransform >= 0) {
          yield adobeTransform == 0 ? JpegColors.RGB : JpegColors.YCC;
        }
        boolean named =
            components.get(0).id == 'R'
                && components.get(1).id == 'G'
                && components.get(2).id == 'B';
        yield named ? JpegColors.RGB : JpegColors.YCC;
      }
      default -> adobeTransform <= 0 ? JpegColors.CMYK : JpegColors.YCCK;
    };
  }

  @Override
  public int width() {
    return frame.size().width();
  }

  @Override
  public int height() {
    return frame.size().height();
  }

  @Override
  public void next(byte[] rgb) throws IOException {
    int bandRows = Component.BLOCK * frame.size().maxVertical();
    // Interpolation needs the first row of the band below, too.
    int needed = Math.min(frame.size().unitsHigh(), nextRow / bandRows + 2);
    for (; bandsDone < needed; bandsDone++) {
      decodeBand(bandsDone);
    }
    for (int i = 0; i < rows.length; i++) {
      upsamplers[i].row(nextRow, rows[i]);
    }
    nextRow++;
    colors.toRgb(rows, width(), rgb);
  }

  private void decodeBand(int band) throws IOException {
    if (buffered == null) {
      scan.decodeRow(band, dct);
    } else {
      buffered.decodeBand(band, dct);
    }
  }
}
