package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Bundle;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of models that were saved within torch's wrappers, and keys that training left over. */
class WrappedKeysTest {

  @TempDir Path folder;

  private final List<String> phases = new ArrayList<>();
  private final ExportListener listener =
      new ExportListener() {
        @Override
        public void phase(String what) {
          phases.add(what);
        }
      };

  private final TestCheckpoint tiny = TestCheckpoint.of(TinyArchitecture.UNTIED);

  @ParameterizedTest
  @ValueSource(strings = {"module.", "_orig_mod.", "module._orig_mod.", "_fsdp_wrapped_module."})
  void aPrefixOfAllKeysIsLeftOut(String prefix) throws IOException {
    wrap(tiny.model(), prefix);
    wrap(tiny.vae(), prefix);
    ExportSummary summary = export();
    assertEquals(TinyArchitecture.UNTIED, Bundle.open(summary.bundle()).architecture());
    assertEquals(List.of(), summary.ignoredKeys());
    String sentence = "leaving out '" + prefix + "', with which every key starts";
    assertEquals(2, phases.stream().filter(sentence::equals).count(), "model and VAE");
  }

  @Test
  void whatTrainingLeftOverIsIgnoredAndListed() throws IOException {
    tiny.model().put("optimizer.state.0.exp_avg", Shape.of(2));
    tiny.model().put("ema.showo.model.norm.weight", Shape.of(2));
    tiny.model().put("image_position_ids", Shape.of(1, 24));
    assertEquals(
        List.of("ema.showo.model.norm.weight", "image_position_ids", "optimizer.state.0.exp_avg"),
        export().ignoredKeys());
    assertTrue(phases.stream().noneMatch(phase -> phase.startsWith("leaving out")));
  }

  private ExportSummary export() throws IOException {
    return ModelExporter.export(
        ExportRequest.of(tiny.write(folder.resolve("checkpoint")), folder.resolve("bundle")),
        listener);
  }

  private static void wrap(Map<String, Shape> keys, String prefix) {
    List.copyOf(keys.keySet()).forEach(key -> keys.put(prefix + key, keys.remove(key)));
  }
}
