package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.internal.torch.HostileTorchFile;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedCheckpointsTest {

  @TempDir Path folder;

  private final TestCheckpoint tiny = TestCheckpoint.tiny();

  @Test
  void noFolder() throws IOException {
    assertRefused(folder.resolve("nowhere"), "no checkpoint folder at", "nowhere");
  }

  @Test
  void listsAllPartsThatAreMissing() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("checkpoint"));
    assertRefused(
        empty,
        "lacks config.json, and the tokenizer at",
        "tokenizer.json",
        "the weights, one of [model.safetensors",
        "the VAE, one of [vae.pth",
        "Wan2.1_VAE.pth");
  }

  @Test
  void listsPartsThatWereNamedAndAreNotThere() throws IOException {
    Path checkpoint = write();
    Path nowhere = folder.resolve("nowhere");
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, bundle(), Optional.of(nowhere), Optional.of(nowhere)),
        ExportListener.NONE,
        "the tokenizer at " + nowhere,
        "the VAE, " + nowhere);
  }

  @Test
  void listsKeysOfBothFilesAtOnce() throws IOException {
    tiny.model().remove("showo.model.layers.1.mlp.up_proj.weight");
    tiny.model().put("fusion_proj.3.bias", Shape.of(31));
    tiny.model().put("showo.model.layers.0.self_attn.o_proj.bias", Shape.of(32));
    tiny.vae().remove("decoder.middle.1.proj.bias");
    assertRefused(
        write(),
        "differs in 4 keys",
        "missing in the model: showo.model.layers.1.mlp.up_proj.weight [56, 32]",
        "misshapen in the model: fusion_proj.3.bias should be [32], found [31]",
        "unknown in the model: showo.model.layers.0.self_attn.o_proj.bias [32]",
        "missing in the VAE: decoder.middle.1.proj.bias [16]");
  }

  @Test
  void integersAreNoWeights() throws IOException {
    assertRefused(write(tiny.type(ElementType.INT64)), "of another type in the model", "INT64");
  }

  @Test
  void configThatBelongsToAnotherModel() throws IOException {
    tiny.config().addProperty("hidden_size", 1536);
    assertRefused(write(), "config.json: 'hidden_size' should be 32", "found 1536");
  }

  @Test
  void defaultSettingsOutOfRange() throws IOException {
    JsonObject inference = new JsonObject();
    tiny.arch().add("inference", inference);
    inference.addProperty("sampling_method", "eular");
    assertRefused(write(), "inference: 'sampling_method' should be one of [euler, ", "eular");
    inference.addProperty("sampling_method", "euler");
    inference.addProperty("guidance_scale", -1);
    assertRefused(write(), "'guidance_scale' should be at least 0, found -1");
    inference.addProperty("guidance_scale", 1e300);
    assertRefused(write(), "'guidance_scale' should be at least 0");
    inference.addProperty("guidance_scale", 0);
    inference.addProperty("time_shifting_factor", 0);
    assertRefused(write(), "'time_shifting_factor' should be above 0, found 0");
  }

  @Test
  void configThatIsNoJson() throws IOException {
    Path checkpoint = write();
    Files.writeString(checkpoint.resolve("config.json"), "{\"hidden_size\": ");
    assertRefused(checkpoint, "config.json");
    Files.write(checkpoint.resolve("config.json"), new byte[] {'{', (byte) 0xff, '}'});
    assertRefused(checkpoint, "config.json is not text in UTF-8");
  }

  @Test
  void truncatedWeights() throws IOException {
    for (String name : List.of("pytorch_model.bin", "vae.pth")) {
      Path file = write().resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
      assertRefused(file.getParent(), name);
    }
  }

  /** Damage within a tensor shows only in its checksum, after its values have been written. */
  @Test
  void alteredWeights() throws IOException {
    for (String name : List.of("pytorch_model.bin", "vae.pth")) {
      Path file = write().resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      assertRefused(file.getParent(), name, "was altered: its CRC-32");
    }
  }

  @Test
  void pickleThatCallsSomething() throws IOException {
    Path checkpoint = write();
    Files.write(checkpoint.resolve("vae.pth"), HostileTorchFile.calling("os", "system"));
    assertRefused(checkpoint, "vae.pth", "os.system");
  }

  @Test
  void tokenizerOfAnotherVocabulary() throws IOException {
    tiny.model().put(TestCheckpoint.EMBEDDING, Shape.of(509, 32));
    tiny.config().addProperty("llm_vocab_size", 509);
    tiny.arch().getAsJsonObject("llm").addProperty("vocab_size", 509);
    assertRefused(write(), "has 508 tokens", "has 509 rows", "use the tokenizer of the backbone");
  }

  @Test
  void tokenizerThatIsNone() throws IOException {
    Path checkpoint = write();
    Files.writeString(checkpoint.resolve("tokenizer.json"), "{}");
    assertRefused(checkpoint, "tokenizer.json");
  }

  @Test
  void placeThatIsTaken() throws IOException {
    Path checkpoint = write();
    Path full = Files.createDirectory(bundle());
    Files.writeString(full.resolve("precious"), "mine");
    FileAlreadyExistsException e =
        Leftovers.assertRefused(
            FileAlreadyExistsException.class,
            ExportRequest.of(checkpoint, full),
            ExportListener.NONE,
            full + ": holds files already; name a folder that does not exist");
    assertEquals(full.toString(), e.getFile());
    assertEquals("mine", Files.readString(full.resolve("precious")));
    Path file = full.resolve("precious");
    Leftovers.assertRefused(
        FileAlreadyExistsException.class,
        ExportRequest.of(checkpoint, file),
        ExportListener.NONE,
        file + ": is a file, a folder is needed");
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void foldersMadeForABundleGoWithIt() throws IOException {
    Path deep = folder.resolve("a/b/bundle");
    assertThrows(
        InvalidModelException.class,
        () ->
            ModelExporter.export(
                ExportRequest.of(folder.resolve("nowhere"), deep), ExportListener.NONE));
    assertFalse(Files.exists(folder.resolve("a")));
  }

  private Path write() throws IOException {
    return write(tiny);
  }

  private Path write(TestCheckpoint checkpoint) throws IOException {
    return checkpoint.write(folder.resolve("checkpoint"));
  }

  private Path bundle() {
    return folder.resolve("bundle");
  }

  private void assertRefused(Path checkpoint, String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, bundle()),
        ExportListener.NONE,
        parts);
  }
}
