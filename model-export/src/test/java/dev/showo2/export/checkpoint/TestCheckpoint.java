package dev.showo2.export.checkpoint;

import com.google.gson.JsonObject;
import dev.showo2.export.internal.architecture.CheckpointJson;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.torch.TestStateDictPickle;
import dev.showo2.export.internal.torch.TorchFileBuilder;
import dev.showo2.model.Architecture;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.TinyTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A complete checkpoint of any small size in the released layout, with seeded values for every key.
 * Everything can be changed before it is written.
 */
public final class TestCheckpoint {

  public static final String LANGUAGE_HEAD = "showo.lm_head.weight";
  public static final String EMBEDDING = "showo.model.embed_tokens.weight";

  private final Architecture architecture;
  private final JsonObject config;
  private final JsonObject arch;
  private final Map<String, Shape> model = new LinkedHashMap<>();
  private final Map<String, Shape> vae = new LinkedHashMap<>();
  private final Map<String, UnaryOperator<float[]>> changes = new HashMap<>();
  private ElementType type = ElementType.FLOAT32;

  private TestCheckpoint(Architecture architecture) {
    this.architecture = architecture;
    this.config = CheckpointJson.config(architecture);
    this.arch = CheckpointJson.arch(architecture);
    model.putAll(ModelKeys.all(architecture));
    vae.putAll(VaeKeys.of(architecture.vae()));
  }

  public static TestCheckpoint tiny() {
    return new TestCheckpoint(TinyArchitecture.TIED);
  }

  public static TestCheckpoint of(Architecture architecture) {
    return new TestCheckpoint(architecture);
  }

  /** {@code config.json}, to be changed. */
  public JsonObject config() {
    return config;
  }

  /** {@code arch.json}, to be changed. */
  public JsonObject arch() {
    return arch;
  }

  /** Keys and shapes of the model, to be changed. */
  public Map<String, Shape> model() {
    return model;
  }

  /** Keys and shapes of the VAE, to be changed. */
  public Map<String, Shape> vae() {
    return vae;
  }

  public TestCheckpoint type(ElementType elementType) {
    type = elementType;
    return this;
  }

  /** Values of a weight to write instead of the seeded ones. */
  public TestCheckpoint change(String key, UnaryOperator<float[]> how) {
    changes.put(key, how);
    return this;
  }

  /** What is written for a key. */
  public float[] values(String key, Shape shape) {
    return changes.getOrDefault(key, UnaryOperator.identity()).apply(SeededValues.of(key, shape));
  }

  /**
   * @param folder is created
   */
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config.toString());
    Files.writeString(folder.resolve("arch.json"), arch.toString());
    TorchFileBuilder torch = torch(model);
    if (architecture.backbone().tiedEmbeddings() && model.containsKey(EMBEDDING)) {
      // As torch.save writes tied weights: two views of the first storage.
      long[] shape = model.get(EMBEDDING).toArray();
      torch.view(LANGUAGE_HEAD, type, "0", TestStateDictPickle.View.contiguous(shape));
    }
    torch.write(folder.resolve("pytorch_model.bin"));
    torch(vae).write(folder.resolve("vae.pth"));
    TinyTokenizer.write(folder);
    return folder;
  }

  /**
   * Puts the weights of {@link #write} into other files.
   *
   * @param names of one file, or of an index and its shards; those of safetensors end so
   */
  public void rewriteModel(Path folder, String... names) throws IOException {
    Files.deleteIfExists(folder.resolve("pytorch_model.bin"));
    List<Map<String, Shape>> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(new LinkedHashMap<>());
    }
    boolean indexed = names.length > 1;
    JsonObject map = new JsonObject();
    int number = 0;
    for (Map.Entry<String, Shape> entry : model.entrySet()) {
      int part = indexed ? 1 + number++ % (names.length - 1) : 0;
      parts.get(part).put(entry.getKey(), entry.getValue());
      map.addProperty(entry.getKey(), names[part]);
    }
    if (indexed) {
      JsonObject index = new JsonObject();
      index.add("weight_map", map);
      Files.writeString(folder.resolve(names[0]), index.toString());
    }
    for (int part = indexed ? 1 : 0; part < names.length; part++) {
      Path file = folder.resolve(names[part]);
      if (names[part].endsWith(".safetensors")) {
        safetensors(file, parts.get(part));
      } else {
        torch(parts.get(part)).write(file);
      }
    }
  }

  private void safetensors(Path file, Map<String, Shape> keys) throws IOException {
    List<TensorDeclaration> tensors = new ArrayList<>();
    keys.forEach((key, shape) -> tensors.add(new TensorDeclaration(key, type, shape)));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, tensors, Map.of())) {
      for (TensorDeclaration tensor : tensors) {
        byte[] bytes = SeededValues.encode(values(tensor.name(), tensor.shape()), type);
        // Longer than a chunk may be, which the writer does not mind.
        writer.write(tensor.name(), sink -> sink.accept(ByteBuffer.wrap(bytes)));
      }
      writer.finish();
    }
  }

  private TorchFileBuilder torch(Map<String, Shape> keys) {
    TorchFileBuilder builder = new TorchFileBuilder(2, true);
    keys.forEach(
        (key, shape) ->
            builder.tensor(
                key, type, SeededValues.encode(values(key, shape), type), shape.toArray()));
    return builder;
  }
}
