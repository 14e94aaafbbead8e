package dev.showo2.train.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.DurableFile;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.LoraRequest;
import dev.showo2.train.spi.TrainableModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apiguardian.api.API;

/**
 * Writes a trained adapter as a folder of PEFT: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. {@link dev.showo2.export.ExportRequest#withAdapter} merges it, and
 * PEFT loads it around the official model. The adapted layers are listed by their whole names,
 * since the ends of names that training chooses by also fit semantic layers, which it leaves alone.
 *
 * <p>The folder appears at its path complete and in one moment; after a failure nothing of it is
 * left.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AdapterCheckpoint {

  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private AdapterCheckpoint() {}

  /**
   * Writes the adapter of a model that is being trained.
   *
   * @param folder that will hold the adapter; must not exist, or be empty
   * @param model not changed; not to be used by another thread meanwhile
   * @param request the settings that the adapter was trained with
   * @param base the model that it was trained on, for people and for PEFT; may be empty
   * @throws InvalidRequestException if no adapter is trained, or one of other settings
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the adapter should be
   * @throws IOException if it cannot be written
   */
  public static void write(
      Path folder, TrainableModel model, LoraRequest request, Optional<String> base)
      throws IOException {
    write(folder, WeightViews.adapterOf(model), request, base);
  }

  /**
   * Writes matrices that are kept elsewhere.
   *
   * @param folder that will hold the adapter; must not exist, or be empty
   * @param matrices two for each layer, [rank, inputs] and [outputs, rank], with its name followed
   *     by {@code .lora_A.weight} and {@code .lora_B.weight}; 32-bit floats. Not closed.
   * @param request the settings that the adapter was trained with
   * @param base the model that it was trained on, for people and for PEFT; may be empty
   * @throws InvalidRequestException if there are none, or some do not fit one another or the
   *     settings
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the adapter should be
   * @throws IOException if it cannot be written
   */
  public static void write(
      Path folder, CheckpointWeights matrices, LoraRequest request, Optional<String> base)
      throws IOException {
    TreeSet<String> layers = new TreeSet<>();
    for (String name : matrices.names()) {
      layers.add(requireFits(name, matrices, request.rank()));
    }
    if (layers.isEmpty()) {
      throw new InvalidRequestException(
          "no adapter was trained, so there is none to write; the weights of the model make a"
              + " checkpoint");
    }
    try (PendingFolder output = PendingFolder.create(folder)) {
      DurableFile.write(
          output.working().resolve("adapter_config.json"),
          ModelJson.bytes(config(layers, request, base)));
      writeMatrices(output.working().resolve("adapter_model.safetensors"), matrices);
      output.commit();
    } catch (IOException | ShowO2Exception e) {
      InterruptionCheck.checkCause(e);
      throw e;
    }
  }

  private static void writeMatrices(Path file, CheckpointWeights matrices) throws IOException {
    List<String> names = matrices.names().stream().sorted().toList();
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file,
            names.stream()
                .map(
                    name ->
                        new TensorDeclaration(
                            PeftNames.stored(name), matrices.type(name), matrices.shape(name)))
                .toList(),
            METADATA)) {
      for (String name : names) {
        InterruptionCheck.check();
        writer.write(PeftNames.stored(name), sink -> matrices.read(name, sink));
      }
      writer.finish();
    }
  }

  /** The layer of a matrix. */
  private static String requireFits(String name, CheckpointWeights matrices, int rank) {
    if (!PeftNames.isAdapter(name)) {
      throw new InvalidRequestException("'" + name + "' is no matrix of an adapter");
    }
    String layer = PeftNames.layer(name);
    String first = PeftNames.first(layer);
    String second = PeftNames.second(layer);
    if (!matrices.names().contains(first) || !matrices.names().contains(second)) {
      throw new InvalidRequestException("the adapter of " + layer + " lacks one of its matrices");
    }
    Shape a = matrices.shape(first);
    Shape b = matrices.shape(second);
    if (a.rank() != 2 || b.rank() != 2 || a.dimension(0) != rank || b.dimension(1) != rank) {
      throw new InvalidRequestException(
          "the adapter of "
              + layer
              + " should have rank "
              + rank
              + ", its matrices are "
              + a
              + " and "
              + b);
    }
    return layer;
  }

  private static JsonObject config(
      TreeSet<String> layers, LoraRequest request, Optional<String> base) {
    JsonArray targets = new JsonArray();
    layers.forEach(targets::add);
    JsonObject json = new JsonObject();
    json.addProperty("peft_type", "LORA");
    json.add("task_type", JsonNull.INSTANCE);
    json.addProperty("base_model_name_or_path", base.orElse(null));
    json.addProperty("inference_mode", true);
    json.addProperty("r", request.rank());
    json.addProperty("lora_alpha", number(request.alpha()));
    json.addProperty("lora_dropout", request.dropout());
    json.addProperty("use_rslora", request.rankStabilized());
    json.addProperty("use_dora", false);
    json.addProperty("bias", "none");
    json.addProperty("fan_in_fan_out", false);
    json.addProperty("init_lora_weights", true);
    json.add("rank_pattern", new JsonObject());
    json.add("alpha_pattern", new JsonObject());
    json.add("modules_to_save", JsonNull.INSTANCE);
    json.add("target_modules", targets);
    return json;
  }

  /** PEFT declares a whole number. */
  private static Number number(double value) {
    return value == Math.rint(value) && value < 1L << 53 ? (Number) (long) value : (Number) value;
  }
}
