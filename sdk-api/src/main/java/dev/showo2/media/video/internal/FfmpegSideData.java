package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_FRAME_CROPPING;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;

import dev.showo2.media.internal.Orientation;
import java.awt.Rectangle;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.apiguardian.api.API;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVStreamGroupTileGrid;

/** The crop and the turn, in this order, that a container asks for of its decoded frames. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegSideData {

  private static final int MATRIX_BYTES = 9 * Integer.BYTES;
  private static final int CROPPING_BYTES = 4 * Integer.BYTES;

  private final AVPacketSideData data;
  private final int count;

  private FfmpegSideData(AVPacketSideData data, int count) {
    this.data = data;
    this.count = count;
  }

  /**
   * Reads what is said about a stream.
   *
   * @param stream valid as long as the result is used
   * @return its data
   */
  public static FfmpegSideData of(AVCodecParameters stream) {
    return new FfmpegSideData(stream.coded_side_data(), stream.nb_coded_side_data());
  }

  static FfmpegSideData of(AVStreamGroupTileGrid grid) {
    return new FfmpegSideData(grid.coded_side_data(), grid.nb_coded_side_data());
  }

  /** {@return the orientation of the display matrix} */
  public Orientation orientation() {
    IntBuffer values = get(AV_PKT_DATA_DISPLAYMATRIX, MATRIX_BYTES);
    return values == null
        ? Orientation.NORMAL
        : Orientation.ofMatrix(values.get(0), values.get(1), values.get(3), values.get(4));
  }

  /**
   * Crops a frame.
   *
   * @param width of the frame in pixels
   * @param height of the frame in pixels
   * @return the part to show; all of it if the container says nothing or what would leave nothing
   */
  public Rectangle cropped(int width, int height) {
    IntBuffer values = get(AV_PKT_DATA_FRAME_CROPPING, CROPPING_BYTES);
    if (values == null) {
      return new Rectangle(width, height);
    }
    long top = Integer.toUnsignedLong(values.get(0));
    long bottom = Integer.toUnsignedLong(values.get(1));
    long left = Integer.toUnsignedLong(values.get(2));
    long right = Integer.toUnsignedLong(values.get(3));
    if (left + right >= width || top + bottom >= height) {
      return new Rectangle(width, height);
    }
    return new Rectangle(
        (int) left, (int) top, (int) (width - left - right), (int) (height - top - bottom));
  }

  private IntBuffer get(int type, int bytes) {
    AVPacketSideData found = av_packet_side_data_get(data, count, type);
    if (found == null || found.size() < bytes) {
      return null;
    }
    return found.data().capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder()).asIntBuffer();
  }
}
