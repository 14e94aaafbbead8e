package dev.showo2.train.checkpoint;

import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The distributions that the official constructors draw weights from (SPEC 10); for backbone and
 * semantic layers, which they load, those of the classes that are loaded. Values depend on seed,
 * name and shape, not on what was drawn before. Thread-safe.
 */
final class InitialValues {

  private static final Distribution ZERO = new Constant(0);
  private static final Distribution ONE = new Constant(1);

  /** Of Qwen2 and of the time embedding. */
  private static final Distribution NORMAL = new Normal(0.02f);

  /** Of the biases of SigLIP's feed-forward layers. */
  private static final Distribution NEAR_ZERO = new Normal(1e-6f);

  private static final Pattern BEGINS_AT_ZERO =
      Pattern.compile(".*\\.adaLN_modulation\\..*|diffusion_head_b\\.linear\\..*");

  private static final Pattern NORM =
      Pattern.compile(".*(?:norm|norm1|norm2|norm_final)\\.weight|fusion_proj\\.0\\.weight");

  private final Map<String, Shape> shapes;
  private final long seed;

  /**
   * @param shapes of all weights of the model by name
   */
  InitialValues(Map<String, Shape> shapes, long seed) {
    this.shapes = shapes;
    this.seed = seed;
  }

  /** Passes the values of a weight on as 32-bit floats. */
  void write(String name, TensorSink sink) throws IOException {
    Distribution distribution = distribution(name);
    TorchRandom random = new TorchRandom(streamSeed(seed, name));
    long remaining = shapes.get(name).elementCount();
    int capacity = (int) Math.min(remaining, TensorSink.MAX_CHUNK_BYTES / Float.BYTES);
    ByteBuffer chunk = ByteBuffer.allocate(capacity * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (remaining > 0) {
      int count = (int) Math.min(capacity, remaining);
      distribution.fill(chunk.clear(), count, random);
      sink.accept(chunk.flip());
      remaining -= count;
    }
  }

  /** The distribution of a weight; the first rule that knows its name decides. */
  Distribution distribution(String name) {
    boolean bias = name.endsWith(".bias");
    if (BEGINS_AT_ZERO.matcher(name).matches()) {
      return ZERO;
    }
    if (NORM.matcher(name).matches()) {
      return ONE;
    }
    if (name.startsWith("showo.")) {
      return bias ? ZERO : NORMAL;
    }
    if (name.startsWith("und_trans.")) {
      return bias ? name.contains(".mlp.") ? NEAR_ZERO : ZERO : xavier(name);
    }
    if (name.startsWith("image_embedder_")) {
      return bias ? ZERO : xavier(name);
    }
    if (name.equals("position_embedding.weight")) {
      return new Normal((float) (1 / Math.sqrt(shapes.get(name).dimension(1))));
    }
    if (name.startsWith("time_embed.mlp.") && !bias) {
      return NORMAL;
    }
    return ofLinear(name, bias);
  }

  /** Uniform within ±√(6 / (inputs + outputs)) of the weight as a matrix. */
  private Distribution xavier(String name) {
    long outputs = shapes.get(name).dimension(0);
    long inputs = shapes.get(name).elementCount() / outputs;
    return new Uniform((float) Math.sqrt(6.0 / (inputs + outputs)));
  }

  /** Uniform within ±1/√inputs, as torch makes linear layers: the weight, and the bias too. */
  private Distribution ofLinear(String name, boolean bias) {
    String weight = bias ? name.substring(0, name.length() - "bias".length()) + "weight" : name;
    return new Uniform((float) (1 / Math.sqrt(shapes.get(weight).dimension(1))));
  }

  /** A seed for each name: the FNV-1a hash of seed and name. The generator uses 32 bits of it. */
  private static long streamSeed(long seed, String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < Long.BYTES; i++) {
      hash = (hash ^ seed >>> 8 * i & 0xff) * 0x100000001b3L;
    }
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ hash >>> 32;
  }

  /** Source of values. */
  interface Distribution {

    /** Puts values behind the buffer's position. */
    void fill(ByteBuffer chunk, int count, TorchRandom random);
  }

  /** One value for all. */
  record Constant(float value) implements Distribution {
    @Override
    public void fill(ByteBuffer chunk, int count, TorchRandom random) {
      for (int i = 0; i < count; i++) {
        chunk.putFloat(value);
      }
    }
  }

  /** Evenly between −bound and bound. */
  record Uniform(float bound) implements Distribution {
    @Override
    public void fill(ByteBuffer chunk, int count, TorchRandom random) {
      for (int i = 0; i < count; i++) {
        chunk.putFloat((float) (bound * (2 * random.uniform() - 1)));
      }
    }
  }

  /** Normal with mean 0. */
  record Normal(float deviation) implements Distribution {
    @Override
    public void fill(ByteBuffer chunk, int count, TorchRandom random) {
      for (float value : random.normals(count)) {
        chunk.putFloat(deviation * value);
      }
    }
  }
}
