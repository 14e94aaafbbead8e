package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.apiguardian.api.API;

/** Values of the weights of a model that is trained. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WeightValues {

  private static final int CHUNK = 1 << 18;

  private WeightValues() {}

  /** Reads all values of a slot of a weight. */
  public static float[] read(TrainableModel model, Weight weight, Slot slot) {
    float[] values = new float[Math.toIntExact(weight.shape().elementCount())];
    model.read(weight.name(), slot, 0, FloatBuffer.wrap(values));
    return values;
  }

  /** Replaces all values of a slot of a weight. */
  public static void write(TrainableModel model, Weight weight, Slot slot, float[] values) {
    model.write(weight.name(), slot, 0, FloatBuffer.wrap(values));
  }

  /** {@return a checksum over the bits of each chosen weight, in their order} */
  public static List<Long> checksums(TrainableModel model, Predicate<Weight> chosen) {
    return model.weights().stream().filter(chosen).map(each -> checksum(model, each)).toList();
  }

  private static long checksum(TrainableModel model, Weight weight) {
    CRC32C sum = new CRC32C();
    long count = weight.shape().elementCount();
    float[] chunk = new float[(int) Math.min(CHUNK, count)];
    byte[] bytes = new byte[chunk.length * Float.BYTES];
    for (long from = 0; from < count; from += chunk.length) {
      int length = (int) Math.min(chunk.length, count - from);
      model.read(weight.name(), Slot.WEIGHT, from, FloatBuffer.wrap(chunk, 0, length));
      for (int i = 0; i < length; i++) {
        int bits = Float.floatToRawIntBits(chunk[i]);
        for (int part = 0; part < Float.BYTES; part++) {
          bytes[i * Float.BYTES + part] = (byte) (bits >> 8 * part);
        }
      }
      sum.update(bytes, 0, length * Float.BYTES);
    }
    return sum.getValue();
  }
}
