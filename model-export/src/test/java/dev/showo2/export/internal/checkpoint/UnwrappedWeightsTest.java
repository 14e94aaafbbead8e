package dev.showo2.export.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.torch.TestStateDictPickle;
import dev.showo2.export.internal.torch.TorchFileBuilder;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnwrappedWeightsTest {

  @TempDir Path folder;

  @Test
  void givesEverythingUnderTheRestOfTheKey() {
    Path file =
        new TorchFileBuilder()
            .floats("module.a", new float[] {1, 2}, 2)
            .view("module.b", ElementType.FLOAT32, "0", TestStateDictPickle.View.contiguous(2))
            .write(folder.resolve("model.bin"));
    CheckpointWeights stored = Checkpoints.open(file);
    try (CheckpointWeights weights = UnwrappedWeights.unwrap(stored)) {
      assertEquals(List.of("a", "b"), List.copyOf(weights.names()));
      assertEquals(Shape.of(2), weights.shape("b"));
      assertEquals(ElementType.FLOAT32, weights.type("b"));
      assertEquals("a", weights.sharedWith("b"), "tied matrices stay tied");
      assertTrue(weights.sameValues("a", "b"));
      assertArrayEquals(new float[] {1, 2}, weights.readFloats("b").values());
      assertThrows(InvalidModelException.class, () -> weights.shape("module.a"));
    }
    assertThrows(IllegalStateException.class, () -> stored.readFloats("module.a"), "closed");
  }

  @Test
  void onlyWrappersOfAllKeysMakeAPrefix() {
    assertEquals("module.", common("module.a", "module.b.module.c"));
    assertEquals("module._orig_mod.", common("module._orig_mod.a", "module._orig_mod.b"));
    assertEquals("", common("module.a", "n_averaged"));
    assertEquals("", common("showo.a", "showo.b"), "a part of the model wraps nothing");
    assertEquals("", common("modules.a"));
    assertEquals("", common());
  }

  @Test
  void namesThatNoModuleHasAreStripped() {
    assertEquals("a.b", WrapperPrefix.strip("a._orig_mod.b"));
    assertEquals(
        "a.module.b",
        WrapperPrefix.strip(
            "_fsdp_wrapped_module.a._checkpoint_wrapped_module._orig_mod.module.b"));
    assertEquals("a_orig_mod.b", WrapperPrefix.strip("a_orig_mod.b"));
  }

  @Test
  void oneWeightUnderTwoKeysIsRefused() {
    Path file =
        new TorchFileBuilder()
            .floats("b.a", new float[] {1, 2}, 2)
            .floats("b._orig_mod.a", new float[] {1, 2}, 2)
            .write(folder.resolve("model.bin"));
    try (CheckpointWeights stored = Checkpoints.open(file)) {
      String refused =
          assertThrows(InvalidModelException.class, () -> UnwrappedWeights.unwrap(stored))
              .getMessage();
      assertTrue(refused.contains("'b.a' and 'b._orig_mod.a' name the same weight"), refused);
    }
  }

  @Test
  void findsKeysThatGoThroughAWrapper() {
    assertEquals(Optional.of("module.b"), WrapperPrefix.wrapped(keys("a", "module.b")));
    assertEquals(Optional.of("a._orig_mod.b"), WrapperPrefix.wrapped(keys("a._orig_mod.b")));
    assertEquals(Optional.empty(), WrapperPrefix.wrapped(keys("a.submodule.b", "module")));
  }

  private static String common(String... keys) {
    return WrapperPrefix.common(keys(keys));
  }

  private static Set<String> keys(String... keys) {
    return new LinkedHashSet<>(List.of(keys));
  }
}
