package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.inspect.CheckpointInspection;
import dev.showo2.export.inspect.Inspector;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of other models: each message says what was given, what is expected, what to do. */
class ForeignCheckpointsTest {

  private static final String EXPECTED =
      ". Expected is a checkpoint of Show-o2, with keys such as"
          + " showo.model.layers.0.self_attn.o_proj.weight, fusion_proj.1.weight and"
          + " diffusion_head_a.0.self_attn.q_proj.weight; ";

  @TempDir Path folder;

  private final TestCheckpoint tiny = TestCheckpoint.tiny();

  @Test
  void firstVersionOfShowO() throws IOException {
    keys(
        "showo.model.embed_tokens.weight",
        "showo.model.layers.0.self_attn.q_proj.weight",
        "showo.model.layers.0.self_attn.dense.weight",
        "showo.model.layers.0.mlp.fc1.weight",
        "showo.model.final_layernorm.weight",
        "showo.lm_head.bias");
    assertRefused(
        write(),
        "is a checkpoint of Show-o (the first version): it has the key"
            + " 'showo.model.layers.0.self_attn.dense.weight'"
            + EXPECTED
            + "the first version is another model, which is not exported");
  }

  @Test
  void languageModelAlone() throws IOException {
    keys("model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight", "lm_head.weight");
    assertRefused(
        write(),
        "is a language model alone, as Qwen2.5 is published: it has the key"
            + " 'model.embed_tokens.weight'"
            + EXPECTED
            + "only its tokenizer.json is needed beside a checkpoint of Show-o2");
  }

  /** The weights are looked at before parts are asked for that would not help. */
  @Test
  void languageModelWithoutVae() throws IOException {
    keys("model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight");
    Path checkpoint = write();
    Files.delete(checkpoint.resolve("vae.pth"));
    assertRefused(
        checkpoint,
        checkpoint.resolve("pytorch_model.bin") + " is a language model alone, as Qwen2.5");
  }

  @Test
  void VAEAsModel() throws IOException {
    Path vae = write().resolve("vae.pth");
    Path alone = Files.createDirectory(folder.resolve("wan"));
    Files.copy(vae, alone.resolve("pytorch_model.bin"));
    String sentence =
        " is the VAE of Wan2.1: it has the key"
            + " 'encoder.downsamples.0.residual.0.gamma'"
            + EXPECTED
            + "name it as the VAE, and the folder with Show-o2's config.json as the"
            + " checkpoint";
    assertRefused(alone, alone.resolve("pytorch_model.bin") + sentence);
    assertRefused(vae, "the model's checkpoint" + sentence);
  }

  @Test
  void modelAsVae() throws IOException {
    Path checkpoint = write();
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(
            checkpoint,
            folder.resolve("bundle"),
            Optional.of(checkpoint.resolve("pytorch_model.bin")),
            Optional.empty()),
        ExportListener.NONE,
        "the VAE's checkpoint is a checkpoint of Show-o2: it has the key"
            + " 'showo.model.layers.0.self_attn.o_proj.weight'. Expected is the VAE of"
            + " Wan2.1, with keys such as encoder.downsamples.0.residual.2.weight; are the model"
            + " and the VAE swapped?");
  }

  @Test
  void VAEOfDiffusers() throws IOException {
    tiny.vae().clear();
    tiny.vae().put("encoder.conv_in.weight", Shape.of(1));
    assertRefused(
        write(),
        "the VAE's checkpoint is a VAE in the form of diffusers: it has the key"
            + " 'encoder.conv_in.weight'",
        "; get the original, Wan2.1_VAE.pth");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encoder.downsamples.0.downsamples.0.residual.0.gamma",
        "decoder.upsamples.0.upsamples.0.residual.0.gamma",
        "decoder.up_blocks.0.upsampler.resample.1.weight"
      })
  void VAEOfWan22(String key) throws IOException {
    tiny.vae().put(key, Shape.of(1));
    tiny.arch().remove("vae");
    assertRefused(
        write(),
        "the VAE's checkpoint is the VAE of Wan2.2: it has the key '" + key + "'",
        "it is another model, of 48 latent channels; get the one of Wan2.1, Wan2.1_VAE.pth");
    CheckpointInspection found =
        (CheckpointInspection) Inspector.inspect(folder.resolve("checkpoint/vae.pth"));
    assertTrue(found.unknown().orElseThrow().contains("is the VAE of Wan2.2"));
  }

  @ParameterizedTest
  @CsvSource({"decoder., encoder", "encoder., decoder"})
  void halfOfAVae(String kept, String missing) throws IOException {
    tiny.vae().keySet().removeIf(key -> !key.startsWith(kept) && !key.startsWith("conv"));
    assertRefused(
        write(),
        "the VAE's checkpoint holds only the "
            + kept.replace(".", "")
            + " of a VAE; its "
            + missing,
        "is needed as well: get the whole file, Wan2.1_VAE.pth");
  }

  @Test
  void adapterFolder() throws IOException {
    Path adapter = Files.createDirectory(folder.resolve("adapter"));
    Files.writeString(adapter.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
    Files.writeString(adapter.resolve("adapter_model.safetensors"), "");
    assertRefused(
        adapter,
        adapter
            + " holds a LoRA adapter (adapter_config.json), not a model; name its base model as"
            + " the checkpoint and merge the adapter into it with --lora");
  }

  @Test
  void adapterFile() throws IOException {
    String key = "base_model.model.showo.model.layers.0.self_attn.o_proj.lora_A.weight";
    keys(key);
    assertRefused(
        write(),
        "is a LoRA adapter: it has the key '" + key + "'" + EXPECTED,
        "merge the adapter into it with --lora");
  }

  @Test
  void keysOfWhichOnlySomeGoThroughAWrapper() throws IOException {
    List<String> keys = List.copyOf(tiny.model().keySet());
    keys.forEach(key -> tiny.model().put("module." + key, tiny.model().remove(key)));
    tiny.model().put("n_averaged", Shape.of(1));
    assertRefused(
        write(),
        "the model's checkpoint has the key 'module.showo.model.embed_tokens.weight', which goes"
            + " through a wrapper of torch",
        "left out only where every key starts with them: save the state dict of the model inside");
  }

  private void keys(String... keys) {
    tiny.model().clear();
    for (String key : keys) {
      tiny.model().put(key, Shape.of(1));
    }
  }

  private Path write() throws IOException {
    return tiny.write(folder.resolve("checkpoint"));
  }

  private void assertRefused(Path checkpoint, String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("bundle")),
        ExportListener.NONE,
        parts);
  }
}
