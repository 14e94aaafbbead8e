package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK and the reference backend keep their contract, request by request. */
@ExtendWith(ExportedModels.class)
class RequestsTest {

  @ParameterizedTest
  @EnumSource
  void keepsTheContractAndLeavesNothingOpen(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.reference(models)) {
      assertTrue(!tiny.run(request, tiny.asserting()).isEmpty());
      assertEquals(0, tiny.asserting().openHandles());
    }
  }

  @Test
  void storiesWithImagesToo(Models models) {
    try (TinyModel tiny = TinyModel.reference(models)) {
      int boi = tiny.bundle().manifest().specialTokens().boi();
      Backend talkative = TalkativeBackend.saying(boi, tiny.asserting());
      List<?> told = tiny.run(Requests.STORY, talkative);
      assertTrue(told.stream().anyMatch(HostTensor.class::isInstance), "no image");
      assertEquals(0, tiny.asserting().openHandles());
    }
  }
}
