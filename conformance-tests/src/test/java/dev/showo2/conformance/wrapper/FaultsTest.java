package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.spi.Backend;
import dev.showo2.tiling.Tiling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request ends with what went wrong in any of its calls, and leaves nothing behind. */
@ExtendWith(ExportedModels.class)
class FaultsTest {

  @ParameterizedTest
  @EnumSource(names = {"TEXT_TO_IMAGE", "TEXT_TO_VIDEO", "IMAGE_UNDERSTANDING"})
  void theNextRequestIsAsIfNothingHadHappened(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.reference(models)) {
      List<?> expected = tiny.run(request, tiny.asserting());
      new Scene(tiny, request, tiny.asserting(), Tiling.NEVER)
          .assertAFaultInEachCallEndsTheRequest();
      assertEquals(expected, tiny.run(request, tiny.asserting()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCallMayFailInEveryWay(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.zeros(models)) {
      new Scene(tiny, request, tiny.asserting(), Tiling.NEVER).assertEveryFaultEndsTheRequest();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCallMayFailInTilesToo(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.zeros(models)) {
      new Scene(tiny, request, tiny.asserting(), Tiling.ALWAYS.withTiles(32, 16))
          .assertAFaultInEachCallEndsTheRequest();
    }
  }

  @Test
  void everyCallOfAStoryWithImagesMayFailToo(Models models) {
    try (TinyModel tiny = TinyModel.zeros(models)) {
      int boi = tiny.bundle().manifest().specialTokens().boi();
      Backend talkative = TalkativeBackend.saying(boi, tiny.asserting());
      new Scene(tiny, Requests.STORY, talkative, Tiling.NEVER).assertEveryFaultEndsTheRequest();
    }
  }
}
