package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WEBP;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.SizeCheck;
import dev.showo2.media.internal.WebpColors;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apiguardian.api.API;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Decodes images of formats that the JDK has no reader for. An image that is stored in tiles is put
 * together; thumbnails, depth maps and other images beside the main one are not decoded. To be used
 * after {@link Ffmpeg#require}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegImages implements AutoCloseable {

  private static final String BOXES = "mov";

  private final FfmpegMemory memory;
  private final AVFormatContext format = avformat_alloc_context();
  private final FfmpegRgb rgb = new FfmpegRgb();
  private final AVPacket packet = av_packet_alloc();
  private final AVFrame frame = av_frame_alloc();

  private FfmpegImages(byte[] bytes) {
    memory = new FfmpegMemory(bytes);
  }

  /**
   * Decodes the main image of a file, upright and without its alpha.
   *
   * @param bytes a whole file
   * @param demuxer FFmpeg's name of the container: {@code mov} for AVIF and HEIC
   * @param sizeCheck sees the size first
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws IOException if the file is corrupt, or its main image is stored in a way that FFmpeg
   *     does not read; the message says what is wrong
   */
  public static BufferedImage decode(byte[] bytes, String demuxer, SizeCheck sizeCheck)
      throws IOException {
    if (demuxer.equals(BOXES)) {
      requireMeta(bytes);
    }
    try (FfmpegImages images = new FfmpegImages(bytes)) {
      images.open(demuxer);
      return images.decode(FfmpegTiles.ofMainImage(images.format, sizeCheck));
    }
  }

  /** Validates the description of images: there is one, and it is where it belongs. */
  private static void requireMeta(byte[] bytes) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int found = 0;
    for (long at = 0; at <= bytes.length - 8L; ) {
      int start = (int) at;
      long length = Integer.toUnsignedLong(file.getInt(start));
      String type = new String(bytes, start + 4, 4, StandardCharsets.ISO_8859_1);
      int header = 8;
      if (length == 1 && bytes.length - start >= 16) {
        length = file.getLong(start + 8);
        header = 16;
      } else if (length == 0) {
        length = bytes.length - at;
      }
      if (length < header || length > bytes.length - at && !type.equals("mdat")) {
        throw new IOException("its box " + type + " has " + length + " bytes");
      }
      if (type.equals("meta")) {
        found++;
        HeifMeta.require(file.slice(start + header, (int) length - header), bytes.length);
      } else if (HeifMeta.PARTS.contains(type)) {
        throw new IOException("it has a box " + type + " outside of its description of images");
      }
      if (length > bytes.length - at) {
        break;
      }
      if (type.equals("moov") && HeifMeta.isIn(file.slice(start + header, (int) length - header))) {
        throw new IOException("it describes images where it describes a video");
      }
      at += length;
    }
    if (found != 1) {
      throw new IOException("it has " + found + " descriptions of images");
    }
  }

  /**
   * Decodes a WebP image, without its alpha and with the colors of libwebp.
   *
   * @param bytes a whole file of one frame, whose size has been checked
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws IOException if the file is corrupt; the message says what is wrong
   */
  public static BufferedImage decodeWebp(byte[] bytes) throws IOException {
    try (FfmpegImages images = new FfmpegImages(bytes)) {
      check(av_new_packet(images.packet, bytes.length));
      images.packet.data().put(bytes);
      images.decode(AV_CODEC_ID_WEBP, null);
      int width = images.frame.width();
      int height = images.frame.height();
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      if (images.frame.format() == AV_PIX_FMT_YUV420P) {
        images.drawWebp(image);
      } else if (!images.rgb.draw(images.frame, new Rectangle(width, height), image, 0, 0)) {
        throw new IOException("its pixel format " + images.frame.format() + " is not converted");
      }
      return image;
    }
  }

  private void open(String demuxer) throws IOException {
    AVDictionary options = new AVDictionary((Pointer) null);
    try {
      // An image needs no other file.
      av_dict_set(options, "protocol_whitelist", "none", 0);
      format.pb(memory.context());
      check(
          avformat_open_input(format, (BytePointer) null, av_find_input_format(demuxer), options));
    } finally {
      av_dict_free(options);
    }
  }

  private BufferedImage decode(FfmpegTiles tiles) throws IOException {
    BufferedImage canvas = null;
    long pixels = 0;
    for (int missing = tiles.streams().size(); missing > 0; ) {
      av_packet_unref(packet);
      int code = av_read_frame(format, packet);
      if (code == AVERROR_EOF()) {
        throw new IOException("the data of " + missing + " of its parts are missing");
      }
      check(code);
      int stream = packet.stream_index();
      if (tiles.streams().remove(stream)) {
        AVCodecParameters parameters = format.streams(stream).codecpar();
        if (pixels > 2 * ImageDecoder.MAX_PIXELS) {
          throw new IOException("its tiles overlap and have more than " + pixels + " pixels");
        }
        if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
          throw new IOException("the file ends within its pixels");
        }
        decode(parameters.codec_id(), parameters);
        pixels += (long) frame.width() * frame.height();
        Rectangle shown = FfmpegSideData.of(parameters).cropped(frame.width(), frame.height());
        if (canvas == null) {
          canvas = tiles.canvas(shown);
        }
        for (FfmpegTiles.Tile tile : tiles.of(stream)) {
          if (!rgb.draw(frame, shown, canvas, tile.x(), tile.y())) {
            throw new IOException(
                "its pixel format " + frame.format() + " cannot be converted to RGB");
          }
        }
        missing--;
      }
    }
    return tiles.orientation().apply(canvas);
  }

  /** With the colors of libwebp, which is what browsers show. */
  private void drawWebp(BufferedImage canvas) {
    int width = frame.width();
    int height = frame.height();
    int chromaWidth = (width + 1) / 2;
    int chromaHeight = (height + 1) / 2;
    WebpColors colors =
        new WebpColors(
            width,
            height,
            plane(1, chromaWidth, chromaHeight),
            plane(2, chromaWidth, chromaHeight));
    ByteBuffer luma = data(0, height);
    byte[] row = new byte[width];
    int[] pixels = new int[width];
    for (int y = 0; y < height; y++) {
      luma.get(y * frame.linesize(0), row);
      colors.row(y, row, pixels);
      canvas.getRaster().setDataElements(0, y, width, 1, pixels);
    }
  }

  private byte[] plane(int index, int width, int height) {
    ByteBuffer data = data(index, height);
    byte[] plane = new byte[width * height];
    for (int y = 0; y < height; y++) {
      data.get(y * frame.linesize(index), plane, y * width, width);
    }
    return plane;
  }

  private ByteBuffer data(int plane, int rows) {
    return frame.data(plane).capacity((long) frame.linesize(plane) * rows).asByteBuffer();
  }

  /** Decodes the packet, which is a whole image. */
  private void decode(int codecId, AVCodecParameters parameters) throws IOException {
    AVCodec decoder = avcodec_find_decoder(codecId);
    if (decoder == null) {
      throw new IOException("there is no decoder for " + avcodec_get_name(codecId).getString());
    }
    AVCodecContext codec = avcodec_alloc_context3(decoder);
    try {
      if (parameters != null) {
        check(avcodec_parameters_to_context(codec, parameters));
      }
      codec.max_pixels(ImageDecoder.MAX_PIXELS);
      codec.thread_count(FfmpegNatives.THREADS);
      // Else columns on the left that the stream crops stay, as the processor's alignment wants it.
      codec.flags(codec.flags() | AV_CODEC_FLAG_UNALIGNED);
      check(avcodec_open2(codec, decoder, new AVDictionary((Pointer) null)));
      check(avcodec_send_packet(codec, packet));
      check(avcodec_send_packet(codec, null));
      check(avcodec_receive_frame(codec, frame));
      if (frame.decode_error_flags() != 0) {
        throw new IOException("its pixels are corrupt");
      }
    } finally {
      avcodec_free_context(codec);
    }
  }

  private static void check(int code) throws IOException {
    if (code < 0) {
      throw new IOException(FfmpegNatives.text(code));
    }
  }

  @Override
  public void close() {
    rgb.close();
    av_frame_free(frame);
    av_packet_free(packet);
    if (!format.isNull()) {
      avformat_close_input(format);
    }
    memory.close();
  }
}
