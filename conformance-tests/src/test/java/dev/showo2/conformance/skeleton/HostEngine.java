package dev.showo2.conformance.skeleton;

import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A stand-in for an engine: arithmetic that is none of Show-o2's, in its shapes. It checks nothing
 * that a backend has to check, and fails like a native library when freed memory is used.
 */
final class HostEngine {

  /** Memory of the engine. */
  static final class Buffer {

    private final Shape shape;
    private float[] values;

    private Buffer(long... dimensions) {
      shape = Shape.of(dimensions);
      values = new float[Math.toIntExact(shape.elementCount())];
    }

    Shape shape() {
      return shape;
    }

    private int size(int axis) {
      return (int) shape.dimension(axis);
    }

    float[] values() {
      if (values == null) {
        throw new AssertionError("the process would end: freed memory is used");
      }
      return values;
    }

    void free() {
      values();
      values = null;
    }
  }

  Buffer upload(FloatBuffer source, Shape shape) {
    Buffer result = new Buffer(shape.toArray());
    source.duplicate().get(result.values);
    return result;
  }

  Buffer copy(Buffer source) {
    return upload(FloatBuffer.wrap(source.values()), source.shape());
  }

  Buffer embed(int[] ids, int batch, int width) {
    Buffer result = new Buffer(batch, ids.length / batch, width);
    for (int i = 0; i < result.values.length; i++) {
      result.values[i] = (float) Math.sin(ids[i / width] + i % width);
    }
    return result;
  }

  Buffer timeFeature(float[] times, long... shape) {
    Buffer result = new Buffer(shape);
    int width = result.size(-1);
    for (int i = 0; i < result.values.length; i++) {
      result.values[i] = times[i / width] * (i % width + 1) / width;
    }
    return result;
  }

  /** Means of patches over all channels. */
  Buffer fuse(Buffer latents, TokenGrid grid, int width) {
    int frames = latents.size(2);
    int channels = latents.size(1);
    int height = latents.size(3);
    int columns = latents.size(4);
    Buffer result = new Buffer(latents.size(0), (long) frames * grid.tokens(), width);
    for (int i = 0; i < latents.values().length; i++) {
      int x = i % columns * grid.columns() / columns;
      int y = i / columns % height * grid.rows() / height;
      int frame = i / columns / height % frames;
      int row = i / columns / height / frames / channels;
      int token = (row * frames + frame) * grid.tokens() + y * grid.columns() + x;
      int channel = i / columns / height / frames % channels;
      result.values[token * width + channel % width] += latents.values()[i];
    }
    return result;
  }

  /** The nearest tokens of another grid. */
  Buffer resize(Buffer tokens, TokenGrid from, TokenGrid to) {
    int width = tokens.size(2);
    int frames = tokens.size(0) * tokens.size(1) / from.tokens();
    Buffer result =
        new Buffer(tokens.size(0), (long) tokens.size(1) / from.tokens() * to.tokens(), width);
    for (int token = 0; token < frames * to.tokens(); token++) {
      int y = token % to.tokens() / to.columns() * from.rows() / to.rows();
      int x = token % to.columns() * from.columns() / to.columns();
      int source = token / to.tokens() * from.tokens() + y * from.columns() + x;
      System.arraycopy(tokens.values(), source * width, result.values, token * width, width);
    }
    return result;
  }

  Buffer logits(Buffer hidden, int first, int vocabulary) {
    int batch = hidden.size(0);
    int length = hidden.size(1);
    int width = hidden.size(2);
    Buffer result = new Buffer(batch, length - first, vocabulary);
    int next = 0;
    for (int row = 0; row < batch; row++) {
      for (int position = first; position < length; position++) {
        for (int id = 0; id < vocabulary; id++) {
          int at = (row * length + position) * width + id % width;
          result.values[next++] = hidden.values()[at] * (id + 1);
        }
      }
    }
    return result;
  }

  /** An empty prefix. */
  Buffer empty(int batch, int width) {
    return new Buffer(batch, 0, width);
  }

  /** Joins [B, Sᵢ, D] along S. */
  Buffer join(List<Buffer> parts) {
    int batch = parts.get(0).size(0);
    int width = parts.get(0).size(2);
    Buffer result = new Buffer(batch, parts.stream().mapToInt(part -> part.size(1)).sum(), width);
    int next = 0;
    for (int row = 0; row < batch; row++) {
      for (Buffer part : parts) {
        int count = part.size(1) * width;
        System.arraycopy(part.values(), row * count, result.values, next, count);
        next += count;
      }
    }
    return result;
  }

  /** The first positions of a prefix. */
  Buffer cut(Buffer prefix, int length) {
    int width = prefix.size(2);
    Buffer result = new Buffer(prefix.size(0), length, width);
    for (int row = 0; row < prefix.size(0); row++) {
      System.arraycopy(
          prefix.values(),
          row * prefix.size(1) * width,
          result.values,
          row * length * width,
          length * width);
    }
    return result;
  }

  /** Each position plus the mean of those that it sees, plus its time if there is one. */
  Buffer attend(Buffer prefix, Buffer segment, boolean causal, Buffer time) {
    int batch = segment.size(0);
    int length = segment.size(1);
    int width = segment.size(2);
    Buffer result = new Buffer(batch, length, width);
    for (int row = 0; row < batch; row++) {
      for (int column = 0; column < width; column++) {
        double sum = 0;
        for (int position = 0; position < prefix.size(1); position++) {
          sum += prefix.values()[(row * prefix.size(1) + position) * width + column];
        }
        double whole = sum;
        for (int position = 0; position < length; position++) {
          whole += segment.values()[(row * length + position) * width + column];
        }
        for (int position = 0; position < length; position++) {
          int at = (row * length + position) * width + column;
          sum += segment.values()[at];
          double seen = causal ? sum : whole;
          int count = prefix.size(1) + (causal ? position + 1 : length);
          float shift =
              time == null ? 0 : time.values()[row * time.size(1) + column % time.size(1)];
          result.values[at] = (float) (segment.values()[at] + seen / count + shift);
        }
      }
    }
    return result;
  }

  /** All rows but the first one of each sequence, in another width. */
  Buffer velocity(Buffer hidden, int width) {
    int length = hidden.size(1) - 1;
    Buffer result = new Buffer(hidden.size(0), length, width);
    for (int i = 0; i < result.values.length; i++) {
      int position = i / width % length + 1;
      int row = i / width / length;
      int at = (row * hidden.size(1) + position) * hidden.size(2) + i % width % hidden.size(2);
      result.values[i] = hidden.values()[at];
    }
    return result;
  }

  /** Means over 8x8 pixels and all frames, plus half of what came out for the last chunk. */
  Buffer encode(Buffer pixels, Buffer last, int channels) {
    int frames = pixels.size(2);
    int height = pixels.size(3);
    int width = pixels.size(4);
    Buffer result = new Buffer(pixels.size(0), channels, 1, height / 8, width / 8);
    int plane = height / 8 * (width / 8);
    for (int i = 0; i < result.values.length; i++) {
      int row = i / plane / channels;
      int color = i / plane % channels % 3;
      int y = i % plane / (width / 8) * 8;
      int x = i % (width / 8) * 8;
      float sum = 0;
      for (int frame = 0; frame < frames; frame++) {
        sum += pixels.values()[(((row * 3 + color) * frames + frame) * height + y) * width + x];
      }
      result.values[i] = sum / frames + (last == null ? 0 : last.values()[i] / 2);
    }
    return result;
  }

  Buffer negative(Buffer source) {
    Buffer result = copy(source);
    for (int i = 0; i < result.values.length; i++) {
      result.values[i] = -result.values[i];
    }
    return result;
  }

  /** Each latent for 8x8 pixels of each frame, plus half of the latent before. */
  Buffer decode(Buffer latents, Buffer last, int frames) {
    int channels = latents.size(1);
    int height = 8 * latents.size(3);
    int width = 8 * latents.size(4);
    Buffer result = new Buffer(latents.size(0), 3, frames, height, width);
    for (int i = 0; i < result.values.length; i++) {
      int color = i / width / height / frames % 3;
      int row = i / width / height / frames / 3;
      int y = i / width % height / 8;
      int x = i % width / 8;
      int at = ((row * channels + color) * (height / 8) + y) * (width / 8) + x;
      result.values[i] = latents.values()[at] + (last == null ? 0 : last.values()[at] / 2);
    }
    return result;
  }
}
