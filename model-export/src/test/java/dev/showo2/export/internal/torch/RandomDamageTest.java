package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.checkpoint.CheckpointRefusals;
import dev.showo2.export.internal.torch.TestStateDictPickle.Storage;
import dev.showo2.export.internal.torch.TestStateDictPickle.View;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes are changed: a checkpoint is read or refused, never anything else. */
class RandomDamageTest {

  private static final int VARIANTS = 300;

  @TempDir Path folder;

  @RepeatedTest(4)
  void damagedArchivesAreReadOrRefused(RepetitionInfo repetition) throws IOException {
    byte[] intact =
        new TorchFileBuilder()
            .zip64()
            .floats("a", new float[] {1, 2, 3, 4}, 2, 2)
            .view("b", ElementType.FLOAT32, "0", new View(0, new long[] {2, 2}, new long[] {1, 2}))
            .toBytes();
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < VARIANTS; i++) {
      readOrRefuse(damaged(intact, random));
    }
  }

  @RepeatedTest(4)
  void damagedPicklesAreReadOrRefused(RepetitionInfo repetition) throws IOException {
    Storage storage = new Storage("0", ElementType.FLOAT32, 4);
    byte[] intact =
        new TestStateDictPickle(repetition.getCurrentRepetition() % 2 == 0 ? 2 : 4, true)
            .tensor("a", storage, View.contiguous(2, 2))
            .parameter("b", storage, new View(0, new long[] {2, 2}, new long[] {1, 2}))
            .finish();
    Random random = new Random(100 + repetition.getCurrentRepetition());
    for (int i = 0; i < VARIANTS; i++) {
      byte[] pickle = damaged(intact, random);
      readOrRefuse(TorchFileBuilder.ofPickle(pickle).storage("0", new byte[16]).toBytes());
    }
  }

  private static byte[] damaged(byte[] intact, Random random) {
    byte[] bytes = Arrays.copyOf(intact, intact.length);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
    }
    return bytes;
  }

  private void readOrRefuse(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("damaged.bin"), bytes);
    try {
      CheckpointRefusals.readAll(file);
    } catch (InvalidModelException e) {
      CheckpointRefusals.assertSays(e, "damaged.bin");
    }
  }
}
