package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Folders in which distributed training keeps the parts of a model, recognized by the names of
 * their files; a tool of the trainer joins them.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TrainingFolder {

  private static final Pattern RANKS =
      Pattern.compile("(?:pytorch_model_fsdp_rank|model_world_size_\\d+_rank_)\\d+.*");
  private static final Pattern ZERO =
      Pattern.compile("(?:zero_pp_rank_\\d+_)?mp_rank_\\d+.*_states\\.pt|zero_to_fp32\\.py");
  private static final Pattern STEP = Pattern.compile("global_step\\d+");
  private static final Pattern RANKED_SHARD = Pattern.compile("shard-\\d{5}-.*\\.safetensors");
  private static final Pattern WEIGHTS =
      Pattern.compile(".*\\.(?:safetensors|bin|pth|pt|ckpt|gguf|distcp|h5|msgpack)");

  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_LISTED = 10;

  private TrainingFolder() {}

  /** What is in a folder that has no weights by one of the usual names; empty if nothing is. */
  public static Optional<String> explain(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    List<String> names = entries(folder);
    return sharded(folder, names).or(() -> others(names));
  }

  /** What distributed training left in a folder, or in one that stands in it. */
  public static Optional<String> sharded(Path folder) {
    return Files.isDirectory(folder) ? sharded(folder, entries(folder)) : Optional.empty();
  }

  private static Optional<String> sharded(Path folder, List<String> names) {
    if (names.stream().anyMatch(name -> RANKED_SHARD.matcher(name).matches())) {
      return Optional.of(
          folder
              + " holds the shards of several processes as the Hugging Face writer of"
              + " torch.distributed.checkpoint leaves them; join them with"
              + " consolidate_safetensors_files of"
              + " torch.distributed.checkpoint._consolidate_hf_safetensors, or save with"
              + " enable_consolidation=True");
    }
    for (Path part : within(folder, names)) {
      if (Files.exists(part.resolve(".metadata")) && holds(part, Pattern.compile(".*\\.distcp"))) {
        return Optional.of(
            part
                + " is a folder of torch.distributed.checkpoint (DCP, which FSDP saves as well);"
                + " join it with python -m torch.distributed.checkpoint.format_utils dcp_to_torch "
                + part
                + " pytorch_model.bin, or accelerate merge-weights");
      }
    }
    if (names.stream().anyMatch(name -> ZERO.matcher(name).matches())
        || names.contains("latest") && names.stream().anyMatch(n -> STEP.matcher(n).matches())) {
      return Optional.of(
          folder
              + " is a checkpoint of DeepSpeed (ZeRO), whose parts are of several processes; join"
              + " them with its zero_to_fp32.py: python zero_to_fp32.py "
              + folder
              + " OUTPUT");
    }
    if (names.stream().anyMatch(name -> RANKS.matcher(name).matches())) {
      return Optional.of(
          folder
              + " holds the shards of each process of FSDP; save the full state dict instead"
              + " (StateDictType.FULL_STATE_DICT, or accelerate merge-weights)");
    }
    return Optional.empty();
  }

  private static List<Path> within(Path folder, List<String> names) {
    List<Path> folders = new ArrayList<>(List.of(folder));
    names.stream().map(folder::resolve).filter(Files::isDirectory).forEach(folders::add);
    return folders;
  }

  private static boolean holds(Path folder, Pattern pattern) {
    return entries(folder).stream().anyMatch(name -> pattern.matcher(name).matches());
  }

  private static Optional<String> others(List<String> names) {
    List<String> weights =
        names.stream()
            .filter(name -> WEIGHTS.matcher(name).matches())
            .filter(name -> !PartFile.VAE.names().contains(name))
            .toList();
    return weights.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "there is "
                + String.join(", ", weights.subList(0, Math.min(MAX_LISTED, weights.size())))
                + (weights.size() > MAX_LISTED ? " and more" : "")
                + ": name the file itself if it has them");
  }

  private static List<String> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .limit(MAX_ENTRIES)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
