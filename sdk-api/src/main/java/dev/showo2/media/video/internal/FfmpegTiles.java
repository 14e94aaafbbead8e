package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEPENDENT;
import static org.bytedeco.ffmpeg.global.avformat.AV_STREAM_GROUP_PARAMS_TILE_GRID;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.showo2.media.internal.Orientation;
import dev.showo2.media.internal.SizeCheck;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.AVStreamGroup;
import org.bytedeco.ffmpeg.avformat.AVStreamGroupTileGrid;
import org.bytedeco.javacpp.BytePointer;

/**
 * The streams that make up an image: one, or many side by side, as phones store their photographs.
 */
final class FfmpegTiles {

  /** Photographs of 200 million pixels have 800 tiles of 512x512. */
  private static final int MAX_TILES = 4096;

  /**
   * A stream in the image.
   *
   * @param stream its index
   * @param x of its left column in the image
   * @param y of its top row in the image
   */
  record Tile(int stream, int x, int y) {}

  private final List<Tile> tiles;
  private final Optional<Rectangle> size;
  private final int background;
  private final Orientation orientation;
  private final Set<Integer> streams;

  private FfmpegTiles(
      List<Tile> tiles, Optional<Rectangle> size, int background, Orientation orientation) {
    this.tiles = tiles;
    this.size = size;
    this.background = background;
    this.orientation = orientation;
    this.streams = tiles.stream().map(Tile::stream).collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Finds the main image of a file.
   *
   * @param sizeCheck sees its size
   * @throws IOException if FFmpeg does not read it
   */
  static FfmpegTiles ofMainImage(AVFormatContext format, SizeCheck sizeCheck) throws IOException {
    for (int i = 0; i < format.nb_stream_groups(); i++) {
      AVStreamGroup group = format.stream_groups(i);
      if (group.type() == AV_STREAM_GROUP_PARAMS_TILE_GRID
          && (group.disposition() & AV_DISPOSITION_DEFAULT) != 0) {
        return ofGrid(group, sizeCheck);
      }
    }
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream stream = format.streams(i);
      if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
          && (stream.disposition() & AV_DISPOSITION_DEFAULT) != 0
          && (stream.disposition() & AV_DISPOSITION_DEPENDENT) == 0) {
        // Formats without a container state it in their pixels alone, where the decoder checks it.
        if (stream.codecpar().width() > 0 && stream.codecpar().height() > 0) {
          sizeCheck.check(stream.codecpar().width(), stream.codecpar().height());
        }
        return new FfmpegTiles(
            List.of(new Tile(i, 0, 0)),
            Optional.empty(),
            0,
            FfmpegSideData.of(stream.codecpar()).orientation());
      }
    }
    throw new IOException("FFmpeg reads none of its images as the main one");
  }

  private static FfmpegTiles ofGrid(AVStreamGroup group, SizeCheck sizeCheck) throws IOException {
    AVStreamGroupTileGrid grid = group.params_tile_grid();
    int count = grid.nb_tiles();
    if (count < 1 || count > MAX_TILES) {
      throw new IOException("it has " + count + " tiles; from 1 to " + MAX_TILES + " are read");
    }
    if (grid.width() < 1 || grid.height() < 1) {
      throw new IOException("it does not state its size");
    }
    sizeCheck.check(grid.width(), grid.height());
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tiles.add(
          new Tile(
              group.streams(grid.offsets_idx(i)).index(),
              grid.offsets_horizontal(i) - grid.horizontal_offset(),
              grid.offsets_vertical(i) - grid.vertical_offset()));
    }
    return new FfmpegTiles(
        tiles,
        Optional.of(new Rectangle(grid.width(), grid.height())),
        background(grid),
        FfmpegSideData.of(grid).orientation());
  }

  private static int background(AVStreamGroupTileGrid grid) {
    BytePointer rgba = grid.background();
    return (rgba.get(0) & 0xff) << 16 | (rgba.get(1) & 0xff) << 8 | rgba.get(2) & 0xff;
  }

  /** The streams that are still to be decoded; removed by the caller. */
  Set<Integer> streams() {
    return streams;
  }

  List<Tile> of(int stream) {
    return tiles.stream().filter(tile -> tile.stream() == stream).toList();
  }

  /**
   * Makes the image to draw upon.
   *
   * @param first the part of the first decoded frame that is shown: all of an image without tiles
   */
  BufferedImage canvas(Rectangle first) {
    Rectangle area = size.orElse(first);
    BufferedImage canvas = new BufferedImage(area.width, area.height, BufferedImage.TYPE_INT_RGB);
    if (background != 0) {
      int[] row = new int[area.width];
      Arrays.fill(row, background);
      for (int y = 0; y < area.height; y++) {
        canvas.getRaster().setDataElements(0, y, area.width, 1, row);
      }
    }
    return canvas;
  }

  Orientation orientation() {
    return orientation;
  }
}
