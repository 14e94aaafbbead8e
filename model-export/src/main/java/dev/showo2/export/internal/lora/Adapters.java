package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.TiedMatrix;
import dev.showo2.model.internal.JsonFields;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/** CheckpointWeights of a model with LoRA adapters merged into them. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Adapters {

  private Adapters() {}

  /**
   * Merges adapters one after the other, each into the result of those before it. Changed weights
   * are {@link dev.showo2.tensor.ElementType#FLOAT32}; the others stay what they are.
   *
   * <p>Values are computed while they stream. Beside a row of the weight only its two factors are
   * in memory.
   *
   * @param model taken over: closed with the result, and also if this fails
   * @param folders each with {@code adapter_config.json} and {@code adapter_model.safetensors} or
   *     {@code adapter_model.bin}; without any the result is the model itself
   * @param arch {@code arch.json} of the model, where it has one
   * @param phase called with the adapter that is merged and into how many weights
   * @throws dev.showo2.error.InvalidModelException if an adapter is no LoRA adapter, does not
   *     belong to this model, contradicts itself or is damaged; one message lists everything that
   *     does not fit
   */
  public static CheckpointWeights merge(
      CheckpointWeights model,
      List<Path> folders,
      Optional<JsonFields> arch,
      Consumer<String> phase) {
    if (folders.isEmpty()) {
      return model;
    }
    CheckpointWeights merged = model;
    try {
      Optional<Boolean> tied = TiedMatrix.stated(arch);
      merged = Ties.withHead(model, tied);
      for (Path folder : folders) {
        merged = merge(merged, Adapter.open(folder), phase);
      }
      Ties.require(merged, tied);
      return merged;
    } catch (RuntimeException | Error e) {
      throw closing(merged, e);
    }
  }

  private static CheckpointWeights merge(
      CheckpointWeights model, Adapter adapter, Consumer<String> phase) {
    try {
      MergePlan plan = MergePlan.of(adapter, model);
      phase.accept(
          "merging adapter "
              + adapter.name()
              + " ("
              + plan.changes().size()
              + " weights"
              + (plan.prefix().isEmpty() ? "" : ", found under '" + plan.prefix() + "'")
              + ")");
      plan.notes().forEach(phase);
      return new MergedWeights(model, adapter.tensors(), plan.changes());
    } catch (RuntimeException | Error e) {
      throw closing(adapter.tensors(), e);
    }
  }

  /** Never returns; declared to return what the caller throws. */
  private static RuntimeException closing(CheckpointWeights weights, Throwable failure) {
    try {
      weights.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
