package dev.showo2.conformance.internal.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class BundleCopyTest {

  private static final String KEY = "decoder.head.2.bias";

  @Test
  void aWeightIsOverwrittenAndTheOriginalStays(Models models) throws IOException {
    Bundle original = models.bundle("tiny-a");
    Path folder;
    try (BundleCopy copy = BundleCopy.of(original)) {
      folder = copy.path();
      Bundle changed = copy.overwrite(KEY, new float[] {1, 2, 3});
      assertArrayEquals(new float[] {1, 2, 3}, weight(changed));
      List<BundleFile> files = changed.manifest().files();
      assertEquals(original.manifest().files().size(), files.size());
      assertEquals(1, files.stream().filter(f -> !original.manifest().files().contains(f)).count());
    }
    assertFalse(Files.exists(folder));
    assertEquals(original.hash(), Bundle.open(original.directory()).hash());
  }

  @Test
  void whatDoesNotFitIsRefused(Models models) throws IOException {
    try (BundleCopy copy = BundleCopy.of(models.bundle("tiny-a"))) {
      assertRefused("no file of the bundle has the weight bias", copy, "bias", 3);
      assertRefused("2 32-bit floats cannot replace " + KEY, copy, KEY, 2);
    }
  }

  private static void assertRefused(String message, BundleCopy copy, String key, int count) {
    String found =
        assertThrows(IllegalArgumentException.class, () -> copy.overwrite(key, new float[count]))
            .getMessage();
    assertEquals(message, found.substring(0, Math.min(message.length(), found.length())));
  }

  private static float[] weight(Bundle bundle) {
    for (BundleFile file : bundle.manifest().files()) {
      if (file.name().endsWith(".safetensors")) {
        try (SafetensorsFile weights =
            SafetensorsFile.open(bundle.directory().resolve(file.name()))) {
          if (weights.tensors().containsKey(KEY)) {
            return weights.readFloats(KEY).values();
          }
        }
      }
    }
    throw new AssertionError("no weight " + KEY);
  }
}
