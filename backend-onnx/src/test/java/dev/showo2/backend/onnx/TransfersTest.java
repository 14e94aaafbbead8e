package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.model.Architecture;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes that a denoising step and a text token give to the engine and get from it, which cross
 * the bus on a GPU.
 */
@ExtendWith(ExportedModels.class)
class TransfersTest {

  private static final int PREFIX = 5;

  private static final BackendConfig FOR_GPUS =
      BackendConfig.builder().option("dialect", "portable").build();

  /** Sizes in bytes, as they follow from the architecture. */
  private record Transfer(long inputs, long outputs) {

    static Transfer guidedStep(Architecture a, int prefix, long tokens) {
      long width = (long) a.backbone().hiddenSize() * Float.BYTES;
      long headWidth = (long) a.flowHead().hiddenSize() * Float.BYTES;
      long patch = (long) a.patchSize() * a.patchSize() * a.vae().latentChannels() * Float.BYTES;
      long length = tokens + 1;
      long segment = length * Long.BYTES + Float.BYTES + length * width;
      long inputs =
          tokens * patch
              + Float.BYTES
              + 2 * (prefix * backboneBytes(a) + segment)
              + 2 * (prefix * flowHeadBytes(a) + segment + 1 + headWidth);
      long outputs = tokens * width + headWidth + width + 2 * length * width + 2 * tokens * patch;
      return new Transfer(inputs, outputs);
    }

    static Transfer token(Architecture a, int prefix) {
      long width = (long) a.backbone().hiddenSize() * Float.BYTES;
      long inputs =
          Long.BYTES
              + (prefix * backboneBytes(a) + Long.BYTES + Float.BYTES + width)
              + (width + Long.BYTES);
      long outputs =
          width
              + ((prefix + 1) * backboneBytes(a) + width)
              + (long) a.backbone().vocabularySize() * Float.BYTES;
      return new Transfer(inputs, outputs);
    }

    /** Keys and values of a position. */
    private static long backboneBytes(Architecture a) {
      Architecture.Decoder backbone = a.backbone();
      return 2L * backbone.layers() * backbone.keyValueHeads() * backbone.headSize() * Float.BYTES;
    }

    private static long flowHeadBytes(Architecture a) {
      Architecture.FlowHead head = a.flowHead();
      return 2L * head.layers() * head.keyValueHeads() * head.headSize() * Float.BYTES;
    }

    String cells() {
      return String.format(Locale.ROOT, "%.1f | %.1f", inputs / 1e6, outputs / 1e6);
    }
  }

  private static Transfer counted(OnnxBackend backend, Transfer before) {
    return new Transfer(
        backend.transfers().inputs() - before.inputs(),
        backend.transfers().outputs() - before.outputs());
  }

  private static Transfer before(OnnxBackend backend) {
    return new Transfer(backend.transfers().inputs(), backend.transfers().outputs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b"})
  void aGuidedStepTakesThePrefixOfBothBranches(String checkpoint, Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle(checkpoint), FOR_GPUS)) {
      Architecture a = open.bundle().architecture();
      try (KvCache backbone = backboneCache(open);
          KvCache flowHead = flowHeadCache(open);
          Tensor latents =
              open.uploadRandom(
                  1,
                  1,
                  a.vae().latentChannels(),
                  1,
                  (long) a.imageGrid().rows() * a.patchSize(),
                  (long) a.imageGrid().columns() * a.patchSize())) {
        Branch branch = Branch.of(backbone, flowHead);
        DenoiseStepRequest request =
            DenoiseStepRequest.builder(latents, 0.5f, branch).guidance(branch, 3).build();
        Transfer before = before(open.backend());
        open.backend().denoiseStep().velocity(request).close();
        long tokens = (long) a.imageGrid().rows() * a.imageGrid().columns();
        assertEquals(Transfer.guidedStep(a, PREFIX, tokens), counted(open.backend(), before));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b"})
  void aTextTokenTakesAndGivesThePrefix(String checkpoint, Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle(checkpoint), FOR_GPUS);
        KvCache cache = backboneCache(open)) {
      Transfer before = before(open.backend());
      addToken(open, cache);
      assertEquals(
          Transfer.token(open.bundle().architecture(), PREFIX), counted(open.backend(), before));
    }
  }

  /** On the CPU the engine adds to keys and values where they are. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b"})
  void aTextTokenOnTheCpuGivesNoPrefix(String checkpoint, Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle(checkpoint));
        KvCache cache = backboneCache(open)) {
      Transfer before = before(open.backend());
      addToken(open, cache);
      Architecture.Decoder backbone = open.bundle().architecture().backbone();
      assertEquals(
          (2L * backbone.hiddenSize() + backbone.vocabularySize()) * Float.BYTES,
          counted(open.backend(), before).outputs());
    }
  }

  private static void addToken(OpenBackend open, KvCache cache) {
    OnnxBackend backend = open.backend();
    try (Tensor embedding =
            backend.textEmbedding().embed(TextEmbeddingRequest.of(new int[][] {{3}}));
        Tensor hidden =
            backend
                .backbone()
                .append(BackboneRequest.of(cache, List.of(embedding), Attention.CAUSAL));
        Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
      assertEquals(
          open.bundle().architecture().backbone().vocabularySize(), logits.shape().elementCount());
    }
  }

  private static KvCache backboneCache(OpenBackend open) {
    KvCache cache = open.backboneCache(1);
    try (Tensor prefix = open.uploadRandom(2, 1, PREFIX, open.hiddenSize())) {
      open.append(cache, Attention.CAUSAL, prefix);
    }
    return cache;
  }

  private static KvCache flowHeadCache(OpenBackend open) {
    KvCache cache = open.backend().flowHead().newCache(CacheRequest.of(1));
    try (Tensor prefix = open.uploadRandom(3, 1, PREFIX, open.hiddenSize())) {
      open.backend().flowHead().append(FlowHeadRequest.text(cache, prefix));
    }
    return cache;
  }

  /** Of the released models, after a prompt of 100 positions and a text of 1000. */
  @Test
  void theReadmeHasTheFigures() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String rows =
        Stream.of("1.5b", "1.5b-hq-512", "1.5b-hq-1024", "7b")
            .map(TransfersTest::row)
            .collect(Collectors.joining("\n"));
    assertTrue(readme.contains(rows), () -> "README.md lacks the rows\n" + rows);
  }

  private static String row(String model) {
    Architecture a = SyntheticModels.architecture(model).orElseThrow();
    long tokens = (long) a.imageGrid().rows() * a.imageGrid().columns();
    return String.format(
        Locale.ROOT,
        "| `%s` | %d | %s | %s |",
        model,
        tokens,
        Transfer.guidedStep(a, 100, tokens).cells(),
        Transfer.token(a, 1000).cells());
  }
}
