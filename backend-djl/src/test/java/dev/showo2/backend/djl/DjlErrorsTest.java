package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Calls that fail, of memory or in the middle: nothing of theirs stays. */
@ExtendWith(ExportedFixtures.class)
class DjlErrorsTest {

  private static FixtureModels models;
  private static Bundle bundle;

  @BeforeAll
  static void use(FixtureModels exported) {
    models = exported;
    bundle = models.bundle("tiny-a");
  }

  /** Keys of so many sequences are more than any machine has. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void lackOfMemoryIsToldAndLeavesNothing() throws IOException {
    Path policy = Path.of("/proc/sys/vm/overcommit_memory");
    assumeTrue(!Files.readString(policy).strip().equals("1"), "any amount is promised here");
    try (OpenDjl open = OpenDjl.open(bundle)) {
      int before = open.backend().arrays();
      InsufficientMemoryException failure =
          assertThrows(
              InsufficientMemoryException.class,
              () -> open.backend().backbone().newCache(CacheRequest.of(1 << 30)));
      assertTrue(
          failure.getMessage().startsWith("stage backbone: PyTorch could not allocate memory"),
          failure.getMessage());
      assertInstanceOf(EngineException.class, failure.getCause());
      assertEquals(before, open.backend().arrays());
      assertEquals(0, open.backend().lifetime().openResources());
    }
  }

  /** An error that is no exception, wherever a formula is used. */
  private static final class Injected extends Error {

    private static final long serialVersionUID = 1;
  }

  private static final class Fuse {

    private int left = Integer.MAX_VALUE;

    /** Lets so many uses succeed. */
    void burnAfter(int uses) {
      left = uses;
    }

    void use() {
      if (left-- <= 0) {
        left = Integer.MAX_VALUE;
        throw new Injected();
      }
    }

    UnaryOperator<NDArray> within(UnaryOperator<NDArray> formula) {
      return x -> {
        use();
        return formula.apply(x);
      };
    }
  }

  @Test
  void errorsInTheMiddleLeaveNothing() {
    Fuse fuse = new Fuse();
    DjlFormulas right = DjlFormulas.SPEC;
    DjlFormulas burning =
        new DjlFormulas(
            fuse.within(right.semanticActivation()),
            fuse.within(right.fusionActivation()),
            fuse.within(right.projectionActivation()),
            right.positionResize(),
            right.videoResize(),
            prefix -> {
              fuse.use();
              return prefix;
            },
            right.headNormEpsilon(),
            fuse.within(right.kept()));
    DjlBackend backend =
        DjlBackend.open(
            bundle,
            new DjlBackend.Variation(bundle.architecture(), (key, weight) -> weight, burning),
            DjlOptions.of(BackendConfig.defaults()));
    long width = bundle.architecture().backbone().hiddenSize();
    try (backend;
        Tensor latents = backend.upload(Tensors.random(1, 1, 16, 1, 8, 8));
        Tensor segment = backend.upload(Tensors.random(2, 1, 3, width));
        KvCache backboneCache = backend.backbone().newCache(CacheRequest.of(1));
        KvCache headCache = backend.flowHead().newCache(CacheRequest.of(1));
        VaeDecoderStream stream = backend.vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      BackboneRequest text = BackboneRequest.of(backboneCache, List.of(segment), Attention.CAUSAL);
      requireNothingLeft(backend, fuse, 3, () -> backend.fusion().fuse(FusionRequest.of(latents)));
      requireNothingLeft(backend, fuse, 1, () -> backend.backbone().append(text));
      requireNothingLeft(backend, fuse, 1, () -> backend.backbone().evaluate(text));
      requireNothingLeft(
          backend,
          fuse,
          2,
          () -> backend.flowHead().append(FlowHeadRequest.text(headCache, segment)));
      requireNothingLeft(backend, fuse, 4, () -> stream.decode(latents));
      assertEquals(0, backboneCache.length());
      assertEquals(0, headCache.length());
      backend.backbone().append(text).close();
      stream.decode(latents).close();
      assertEquals(3, backboneCache.length(), "the cache goes on after errors");
    }
  }

  /**
   * With the error at each of the first uses of a formula.
   *
   * @param uses no more than the call has
   */
  private static void requireNothingLeft(DjlBackend backend, Fuse fuse, int uses, Executable call) {
    int arrays = backend.arrays();
    long resources = backend.lifetime().openResources();
    for (int successes = 0; successes < uses; successes++) {
      fuse.burnAfter(successes);
      assertThrows(Injected.class, call);
      assertEquals(arrays, backend.arrays());
      assertEquals(resources, backend.lifetime().openResources());
    }
  }
}
