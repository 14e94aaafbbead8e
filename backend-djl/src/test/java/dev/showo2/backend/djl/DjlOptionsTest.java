package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DjlOptionsTest {

  @TempDir private Path folder;

  private static BackendConfig config(String option, String value) {
    return BackendConfig.builder().option(option, value).build();
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 'flags\t\t: fpu avx512f avx512_bf16 amx_tile', true",
    "auto, 'flags : avx2 amx_bf16', true",
    "auto, 'Features : fp asimd bf16', true",
    "auto, 'flags : fpu avx2 avx512f avx512_vnni', false",
    "auto, '', false",
    "fp32, 'flags : avx512_bf16', false",
    "bf16, 'flags : avx2', true"
  })
  void bfloat16WhereItIsAskedForOrPays(String compute, String processor, boolean expected)
      throws IOException {
    Path processors = Files.writeString(folder.resolve("cpuinfo"), "processor: 0\n" + processor);
    assertEquals(expected, DjlOptions.of(config("compute", compute), processors).bf16());
  }

  @Test
  void autoStaysWithFloatsWhereNothingIsSaidOfTheProcessor() {
    assertEquals(false, DjlOptions.of(config("compute", "auto"), folder.resolve("absent")).bf16());
  }

  @Test
  void otherValuesAndOptionsAreRefusedWithWhatExists() {
    String value =
        assertThrows(
                UnsupportedFeatureException.class, () -> DjlOptions.of(config("compute", "fp8")))
            .getMessage();
    assertTrue(value.contains("[auto, bf16, fp32], found 'fp8'"), value);
    String option =
        assertThrows(
                UnsupportedFeatureException.class, () -> DjlOptions.of(config("dialect", "ort")))
            .getMessage();
    assertTrue(option.contains("no options [dialect]; it knows [compute]"), option);
  }
}
