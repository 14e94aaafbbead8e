package dev.showo2.conformance.internal.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.error.BackendException;
import dev.showo2.model.Bundle;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {

  private static final HostTensor LATENTS =
      new HostTensor(Shape.of(1, 2, 2, 2), new float[] {1, 2, 3, 4, 5, 6, 7, 8});
  private static final HostTensor FUSED =
      new HostTensor(Shape.of(1, 2, 2), new float[] {1, -2, 0.5f, 0});

  @TempDir Path directory;
  private final FakeBackend backend = new FakeBackend();
  private GoldenFolder folder;
  private Bundle bundle;

  @BeforeEach
  void prepare() throws IOException {
    bundle = Bundle.open(FakeBundle.write(directory));
    folder = new GoldenFolder(directory.resolve("checkpoint"));
    folder.add("image", "fusion", Map.of("latents", LATENTS, "fused", FUSED), "{}");
  }

  @AfterEach
  void everythingIsClosed() {
    assertEquals(0, backend.log().stillOpen());
  }

  private Report verify() {
    return new Verification(UnderTest.target(b -> backend), bundle).run(folder.open());
  }

  private Outcome only() {
    return verify().outcomes().get(0);
  }

  private void fuseTo(HostTensor values) {
    backend.fusion(request -> backend.tensor(values));
  }

  @Test
  void theGoldenPasses() {
    fuseTo(FUSED);
    assertEquals(
        "passed  F-01/test/image  fused max abs 0.0e+00 (allowed 4.0e-05)", only().toString());
    assertTrue(backend.log().mostOpen() > 0);
  }

  @Test
  void aValueThatIsOffFailsAndIsShown() {
    fuseTo(new HostTensor(FUSED.shape(), new float[] {1, -2, 0.501f, 0}));
    Outcome outcome = only();
    assertEquals(Status.FAILED, outcome.status());
    assertArrayEquals(
        new long[] {0, 1, 0}, outcome.figures().get(0).firstBad().orElseThrow().index());
    String line = outcome.toString();
    assertTrue(line.startsWith("failed  F-01/test/image  fused max abs 1.0e-03"), line);
    assertTrue(line.contains("first bad [0, 1, 0]: 0.50099"), line);
  }

  @Test
  void anotherShapeFails() {
    fuseTo(FUSED.reshape(1, 4));
    assertEquals(
        "failed  F-01/test/image  fused shape [1, 4], expected [1, 2, 2]", only().toString());
  }

  @Test
  void aStageThatTheBackendLacksIsNamedAndNothingPasses() {
    backend.without(Stage.FUSION);
    Report report = verify();
    assertEquals(
        "not run  F-01/test/image  the backend lacks fusion", report.outcomes().get(0).toString());
    assertFalse(report.successful());
  }

  @Test
  void aStageThatThrowsFailsAndTheNextCaseStillRuns() {
    folder.add("next", "fusion", Map.of("latents", LATENTS, "fused", FUSED), "{}");
    int[] calls = {0};
    backend.fusion(
        request -> {
          if (calls[0]++ == 0) {
            throw new BackendException("out of\nluck");
          }
          return backend.tensor(FUSED);
        });
    Report report = verify();
    assertEquals(
        "failed  F-01/test/image  BackendException: out of luck",
        report.outcomes().get(0).toString());
    assertEquals(Status.PASSED, report.outcomes().get(1).status());
    assertFalse(report.successful());
  }

  @Test
  void whatIsMissingInANativeLibraryFailsOneCaseOnly() {
    backend.fusion(
        request -> {
          throw new UnsatisfiedLinkError("no symbol");
        });
    assertEquals("failed  F-01/test/image  UnsatisfiedLinkError: no symbol", only().toString());
  }

  @Test
  void aCaseOfAnUnknownKindDoesNotRun() {
    folder.add("odd", "poetry", Map.of("x", FUSED), "{}");
    assertEquals(
        "not run  P-13/test/odd  this version of the kit has no runner for this kind of poetry case",
        verify().outcomes().get(1).toString());
  }

  @Test
  void aBrokenGoldenFailsWhateverTheBackend() {
    folder.set("tensors", "{\"gone\": {\"shape\": [1], \"dtype\": \"float32\"}}");
    assertEquals(Status.FAILED, only().status());
  }

  @Test
  void aCaseThatLacksATensorOfItsKindFails() {
    fuseTo(FUSED);
    folder.add("bare", "fusion", Map.of("latents", LATENTS), "{}");
    Outcome outcome = verify().outcomes().get(1);
    assertEquals(Status.FAILED, outcome.status());
    assertTrue(outcome.reason().contains("no tensor 'fused' is announced"), outcome.reason());
  }

  @Test
  void onlyTheSelectedCasesRunAndEachIsToldAtOnce() {
    fuseTo(FUSED);
    folder.add("other", "poetry", Map.of("x", FUSED), "{}");
    List<Outcome> told = new ArrayList<>();
    Report report =
        new Verification(UnderTest.target(b -> backend), bundle)
            .run(folder.open(), golden -> golden.stage().equals("fusion"), told::add);
    assertEquals(1, report.outcomes().size());
    assertEquals(told, report.outcomes());
  }
}
