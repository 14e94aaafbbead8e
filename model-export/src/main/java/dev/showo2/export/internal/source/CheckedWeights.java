package dev.showo2.export.internal.source;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.ForwardingWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Weights whose values are looked at when they are first read: files of the right size may hold
 * zeros where a download was never filled in, and training that failed leaves NaN, which layers
 * that round their inputs to 8 bits turn into ordinary numbers.
 */
final class CheckedWeights extends ForwardingWeights {

  /** Weights that are zero in layers that nobody trained yet: biases, adaLN-Zero, residual ends. */
  private static final Pattern MAY_BE_ZERO =
      Pattern.compile(
          ".*\\.bias|.*\\.adaLN_modulation\\..*|diffusion_head_b\\.linear\\..*"
              + "|(?:encoder|decoder)\\.middle\\.1\\.proj\\..*");

  /** Rows of tokens that no text has are zero in some models. */
  private static final Pattern ROWS_MAY_BE_ZERO =
      Pattern.compile("showo\\.(?:model\\.embed_tokens|lm_head)\\.weight");

  /** Longer than a head of a released model that somebody pruned. */
  private static final int HOLE_BYTES = 1 << 20;

  private final String what;
  private final boolean acceptZeros;
  private final Set<String> checked = ConcurrentHashMap.newKeySet();

  /**
   * @param what the checkpoint is, for messages
   * @param weights taken over
   * @param acceptZeros whether zeros are meant
   */
  CheckedWeights(String what, CheckpointWeights weights, boolean acceptZeros) {
    super(weights);
    this.what = what;
    this.acceptZeros = acceptZeros;
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    if (checked.contains(name) || !isFloatingPoint(type(name))) {
      delegate.read(name, sink);
      return;
    }
    Values values = new Values(type(name));
    delegate.read(
        name,
        chunk -> {
          values.add(chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN));
          sink.accept(chunk);
        });
    require(name, values);
    checked.add(name);
  }

  private static boolean isFloatingPoint(ElementType type) {
    return switch (type) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }

  private void require(String name, Values values) {
    if (values.nonFinite >= 0) {
      throw new InvalidModelException(
          what
              + ": '"
              + name
              + "' holds NaN or infinity, first at element "
              + values.nonFinite
              + "; weights must be finite: its training has failed or the file is damaged, get it"
              + " again");
    }
    if (acceptZeros || MAY_BE_ZERO.matcher(name).matches()) {
      return;
    }
    long bytes = shape(name).elementCount() * type(name).byteSize();
    boolean all = values.longest == bytes && bytes > 0;
    boolean hole = values.longest >= HOLE_BYTES && !ROWS_MAY_BE_ZERO.matcher(name).matches();
    if (all || hole) {
      throw new InvalidModelException(
          what
              + ": '"
              + name
              + "' holds "
              + (all
                  ? "nothing but zeros"
                  : values.longest + " bytes of zeros in a row among its " + bytes)
              + ", as files have that were not downloaded completely or were damaged in transfer;"
              + " get the file again and compare its SHA-256. If the zeros are meant, accept them:"
              + " --accept-zero-weights, or ExportRequest.withZeroWeightsAccepted");
    }
  }

  /** Observations of the values while they pass. */
  private static final class Values {

    private final ElementType type;
    private final int width;
    private long elements;
    private long run;
    private long longest;
    private long nonFinite = -1;

    Values(ElementType type) {
      this.type = type;
      this.width = type.byteSize();
    }

    void add(ByteBuffer chunk) {
      while (chunk.remaining() >= width) {
        long bits =
            switch (width) {
              case 8 -> chunk.getLong();
              case 4 -> chunk.getInt();
              default -> chunk.getShort();
            };
        if (bits == 0) {
          run += width;
        } else {
          longest = Math.max(longest, run);
          run = 0;
          if (nonFinite < 0 && !isFinite(bits)) {
            nonFinite = elements;
          }
        }
        elements++;
      }
      longest = Math.max(longest, run);
    }

    private boolean isFinite(long bits) {
      return switch (type) {
        case FLOAT64 -> Double.isFinite(Double.longBitsToDouble(bits));
        case FLOAT32 -> Float.isFinite(Float.intBitsToFloat((int) bits));
        case BFLOAT16 -> (bits & 0x7f80) != 0x7f80;
        default -> (bits & 0x7c00) != 0x7c00;
      };
    }
  }
}
