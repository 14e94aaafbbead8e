package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.inspect.Inspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of distributed training, as torch 2.15, accelerate and DeepSpeed 0.19 lay them out. */
class TrainingFoldersTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    ".metadata __0_0.distcp, is a folder of torch.distributed.checkpoint, dcp_to_torch",
    "pytorch_model_fsdp_0/.metadata pytorch_model_fsdp_0/__0_0.distcp,"
        + " pytorch_model_fsdp_0 is a folder of torch.distributed.checkpoint, merge-weights",
    "shard-00001-model-00001-of-00002.safetensors shard-00002-model-00001-of-00002.safetensors,"
        + " the Hugging Face writer of torch.distributed.checkpoint, consolidate_safetensors_files",
    "latest zero_to_fp32.py global_step10/mp_rank_00_model_states.pt,"
        + " is a checkpoint of DeepSpeed (ZeRO), python zero_to_fp32.py",
    "latest global_step10/mp_rank_00_model_states.pt, DeepSpeed (ZeRO), zero_to_fp32.py",
    "mp_rank_00_model_states.pt zero_pp_rank_0_mp_rank_00_optim_states.pt, DeepSpeed (ZeRO),"
        + " zero_to_fp32.py",
    "pytorch_model_fsdp_rank0.bin pytorch_model_fsdp_rank1.bin, of each process of FSDP,"
        + " FULL_STATE_DICT"
  })
  void namesWhatTrainedAndTheToolThatJoins(String files, String what, String tool)
      throws IOException {
    Path checkpoint = TestCheckpoint.tiny().write(folder.resolve("checkpoint"));
    Files.delete(checkpoint.resolve("pytorch_model.bin"));
    for (String file : files.split(" ")) {
      Files.createDirectories(checkpoint.resolve(file).getParent());
      Files.writeString(checkpoint.resolve(file), "");
    }
    assertRefused(checkpoint, "no checkpoint in " + checkpoint + " that can be read: ", what, tool);
  }

  @Test
  void otherFilesAreNamed() throws IOException {
    Path checkpoint = TestCheckpoint.tiny().write(folder.resolve("checkpoint"));
    Files.move(checkpoint.resolve("pytorch_model.bin"), checkpoint.resolve("my-show-o2.ckpt"));
    assertRefused(checkpoint, "there is my-show-o2.ckpt: name the file itself if it has them");
  }

  private void assertRefused(Path checkpoint, String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("bundle")),
        ExportListener.NONE,
        parts);
    String refused =
        assertThrows(InvalidModelException.class, () -> Inspector.inspect(checkpoint)).getMessage();
    for (String part : parts) {
      assertTrue(refused.contains(part), () -> "'" + part + "' is missing in: " + refused);
    }
  }
}
