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

  /** Of layers that were wrapped one by one, or of several wrappers around each other. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "showo.model.layers.0.mlp. showo.model.layers.0._orig_mod.mlp.",
        "diffusion_head_a. diffusion_head_a._fsdp_wrapped_module._checkpoint_wrapped_module.",
        "showo. module.showo._fsdp_wrapped_module."
      })
  void wrappersWithinTheKeysAreLeftOut(String names) throws IOException {
    String[] change = names.split(" ");
    for (String key : List.copyOf(tiny.model().keySet())) {
      String outer = change[1].startsWith("module.") ? "module." : "";
      String wrapped =
          key.startsWith(change[0]) ? change[1] + key.substring(change[0].length()) : outer + key;
      tiny.model().put(wrapped, tiny.model().remove(key));
    }
    ExportSummary summary = export();
    assertEquals(TinyArchitecture.UNTIED, Bundle.open(summary.bundle()).architecture());
    assertEquals(List.of(), summary.ignoredKeys());
    assertTrue(
        phases.contains("leaving out the names of torch's wrappers within the keys"),
        phases::toString);
  }

  /** As Lightning's modules and wrapper classes of other tools put it before the keys. */
  @ParameterizedTest
  @ValueSource(strings = {"model.", "model._orig_mod.", "first_stage_model."})
  void anyPrefixOfAllKeysIsLeftOut(String prefix) throws IOException {
    wrap(tiny.model(), prefix);
    wrap(tiny.vae(), prefix);
    ExportSummary summary = export();
    assertEquals(TinyArchitecture.UNTIED, Bundle.open(summary.bundle()).architecture());
    assertEquals(List.of(), summary.ignoredKeys());
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
