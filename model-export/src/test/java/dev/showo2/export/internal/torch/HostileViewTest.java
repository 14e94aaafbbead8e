package dev.showo2.export.internal.torch;

import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.torch.TestStateDictPickle.View;
import dev.showo2.tensor.ElementType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tensors that claim more, or something else, than their storage holds. */
class HostileViewTest {

  private static final long HUGE = 1L << 62;

  @TempDir Path folder;

  @Test
  void refusesViewsBeyondTheStorage() {
    refuse(View.contiguous(7), "reaches element 6", "has only 6");
    refuse(view(1, sizes(6), sizes(1)), "offset 1", "reaches element 6");
    refuse(view(0, sizes(2, 3), sizes(4, 1)), "stride [4, 1]", "reaches element 6");
    refuse(view(6, sizes(), sizes()), "reaches element 6");
  }

  @Test
  void refusesNegativeNumbers() {
    refuse(view(-1, sizes(2), sizes(1)), "negative offset or stride");
    refuse(view(5, sizes(2), sizes(-1)), "negative offset or stride");
    refuse(view(0, sizes(-2), sizes(1)), "a negative or too large size");
  }

  @Test
  void refusesNumbersThatOverflow() {
    refuse(view(0, sizes(HUGE, 4), sizes(0, 0)), "a negative or too large size");
    refuse(view(0, sizes(HUGE), sizes(0)), "a negative or too large size");
    refuse(view(0, sizes(5), sizes(HUGE)), "a negative or too large size");
    refuse(view(Long.MAX_VALUE, sizes(2), sizes(1)), "a negative or too large size");
  }

  @Test
  void refusesSizesAndStridesThatDoNotMatch() {
    refuse(view(0, sizes(2, 3), sizes(1)), "no valid number of axes");
    refuse(view(0, new long[65], new long[65]), "no valid number of axes");
  }

  /** A hash table of them would be searched from end to end. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsManyViewsWithOneHashCode() {
    TorchFileBuilder builder = new TorchFileBuilder().storage("0");
    for (int i = 0; i < 30_000; i++) {
      long[] sizes = {i, 31 * 30_000 - 31 * i, 0};
      builder.view("t" + i, ElementType.FLOAT32, "0", new View(0, sizes, new long[3]));
    }
    try (CheckpointWeights weights = Checkpoints.open(builder.write(folder.resolve("alike.bin")))) {
      assertEquals(30_000, weights.names().size());
      assertEquals("t7", weights.sharedWith("t7"));
    }
  }

  @Test
  void refusesToRepeatAFewElementsWithoutEnd() {
    refuse(view(0, sizes(1L << 40), sizes(0)), "repeats the 6 elements", "268435456 bytes");
  }

  @Test
  void refusesAStorageOfAnotherSizeThanItsEntry() {
    for (long count : new long[] {5, 7, -1, HUGE}) {
      refuse(
          new TorchFileBuilder()
              .storage("0", new byte[24])
              .view("a", ElementType.FLOAT32, "0", count, View.contiguous(2)),
          "should have " + count + " elements of FLOAT32",
          "24 bytes");
    }
  }

  @Test
  void refusesAMissingStorage() {
    for (String key : new String[] {"9", "../data.pkl", ""}) {
      refuse(
          new TorchFileBuilder().view("a", ElementType.FLOAT32, key, 1, View.contiguous(1)),
          "its storage '" + key + "' is missing");
    }
  }

  private void refuse(View view, String... parts) {
    TorchFileBuilder builder = new TorchFileBuilder().storage("0", new byte[24]);
    refuse(builder.view("a", ElementType.FLOAT32, "0", view), parts);
  }

  private void refuse(TorchFileBuilder builder, String... parts) {
    Path file = builder.write(folder.resolve("evil.bin"));
    assertRefused(file, "tensor 'a'");
    assertRefused(file, parts);
  }

  private static View view(long offset, long[] sizes, long[] strides) {
    return new View(offset, sizes, strides);
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }
}
