package dev.showo2.conformance;

import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Precision;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.StagePrecisions;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bundle once more, with the matrices of its linear layers and its embedding in fewer bits. */
public final class LoweredBundle {

  private static final String EMBEDDING = "showo.model.embed_tokens.weight";
  private static final String POSITIONS = "position_embedding.weight";
  private static final int LARGEST_CHUNK = 1 << 20;

  private final WeightEncoding matrices;
  private final WeightEncoding embedding;
  private final Path folder;

  private LoweredBundle(WeightEncoding matrices, WeightEncoding embedding, Path folder) {
    this.matrices = matrices;
    this.embedding = embedding;
    this.folder = folder;
  }

  /**
   * Writes it, without graphs. Matrices that a precision has no blocks for stay as they are; the
   * embedding has 8 bits where matrices have 4.
   *
   * @param folder is made
   */
  public static Bundle write(Bundle bundle, Precision precision, Path folder) throws IOException {
    WeightEncoding matrices =
        switch (precision) {
          case FP32 -> WeightEncoding.FLOAT32;
          case FP16 -> WeightEncoding.FLOAT16;
          case BF16 -> WeightEncoding.BFLOAT16;
          case INT8 -> WeightEncoding.INT8;
          case INT4 -> WeightEncoding.INT4;
        };
    Files.createDirectories(folder);
    WeightEncoding embedding = matrices == WeightEncoding.INT4 ? WeightEncoding.INT8 : matrices;
    new LoweredBundle(matrices, embedding, folder).write(bundle, precision);
    return Bundle.open(folder);
  }

  /** Whether a weight is the matrix of a linear layer. */
  public static boolean isMatrix(String key, Shape shape) {
    return shape.rank() == 2
        && key.endsWith(".weight")
        && !key.equals(EMBEDDING)
        && !key.equals(POSITIONS);
  }

  private void write(Bundle bundle, Precision precision) throws IOException {
    List<BundleFile> files = new ArrayList<>();
    for (BundleFile file : bundle.manifest().files()) {
      Path source = bundle.directory().resolve(file.name());
      if (file.name().equals(Bundle.TOKENIZER_FILE)) {
        Files.copy(source, folder.resolve(file.name()));
        files.add(file);
      } else if (file.name().endsWith(".safetensors")) {
        files.add(lowered(source));
      }
    }
    BundleManifest was = bundle.manifest();
    BundleManifest manifest =
        new BundleManifest(
            was.name(),
            stages(precision),
            was.architecture(),
            was.specialTokens(),
            was.defaults(),
            files,
            List.of());
    Files.writeString(folder.resolve(BundleManifest.FILE_NAME), manifest.toJson());
  }

  private StagePrecisions stages(Precision precision) {
    Map<Stage, Precision> stages = new EnumMap<>(Stage.class);
    for (Stage stage :
        List.of(
            Stage.TIME_EMBEDDING,
            Stage.FUSION,
            Stage.BACKBONE,
            Stage.LANGUAGE_HEAD,
            Stage.FLOW_HEAD)) {
      stages.put(stage, precision);
    }
    stages.put(Stage.TEXT_EMBEDDING, embedding == WeightEncoding.INT8 ? Precision.INT8 : precision);
    return new StagePrecisions(stages);
  }

  private BundleFile lowered(Path source) throws IOException {
    List<TensorDeclaration> declarations = new ArrayList<>();
    Map<String, ByteBuffer> values = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(source)) {
      for (String key : file.tensors().keySet()) {
        HostTensor weight = file.readFloats(key);
        EncodedWeight encoded = EncodedWeight.of(weight, encoding(key, weight.shape()));
        declarations.add(new TensorDeclaration(key, encoded.type(), encoded.shape()));
        values.put(key, encoded.values());
        if (encoded.isScaled()) {
          String scales = WeightEncoding.scaleKey(key);
          Shape shape = encoded.encoding().scales(weight.shape());
          declarations.add(new TensorDeclaration(scales, ElementType.FLOAT32, shape));
          values.put(scales, encoded.scales());
        }
      }
    }
    Path target = folder.resolve(source.getFileName());
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, declarations, Map.of())) {
      for (Map.Entry<String, ByteBuffer> entry : values.entrySet()) {
        writer.write(
            entry.getKey(),
            sink -> {
              ByteBuffer all = entry.getValue();
              for (int start = 0; start < all.limit(); start += LARGEST_CHUNK) {
                sink.accept(all.slice(start, Math.min(LARGEST_CHUNK, all.limit() - start)));
              }
            });
      }
      return writer.finish();
    }
  }

  private WeightEncoding encoding(String key, Shape shape) {
    if (key.equals(EMBEDDING)) {
      return embedding;
    }
    boolean fits = matrices != WeightEncoding.INT4 || shape.dimension(-1) % 32 == 0;
    return isMatrix(key, shape) && fits ? matrices : WeightEncoding.FLOAT32;
  }
}
