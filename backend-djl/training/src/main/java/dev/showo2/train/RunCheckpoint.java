package dev.showo2.train;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.internal.io.DurableFile;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes and reads what a run needs to go on to the bit: trained weights, the moments of the
 * optimizer, running means of weights, and {@link RunState}. Weights that are not trained are those
 * of the model that the run started with. A checkpoint appears complete or not at all, and is on
 * the disk when it appears.
 */
final class RunCheckpoint {

  private static final int CHUNK_FLOATS = TensorSink.MAX_CHUNK_BYTES / Float.BYTES;

  private static final String MEANS = "averages.safetensors";

  /** The files of a checkpoint, each with the values of one slot. */
  private static final Map<String, Slot> SLOTS = new LinkedHashMap<>();

  static {
    SLOTS.put("weights.safetensors", Slot.WEIGHT);
    SLOTS.put("first_moments.safetensors", Slot.FIRST_MOMENT);
    SLOTS.put("second_moments.safetensors", Slot.SECOND_MOMENT);
    SLOTS.put(MEANS, Slot.AVERAGE);
  }

  private final TrainableModel model;
  private final boolean averages;
  private final List<Weight> trained;

  /**
   * @param averages whether the model keeps running means of the weights
   */
  RunCheckpoint(TrainableModel model, boolean averages) {
    this.model = model;
    this.averages = averages;
    this.trained = model.weights().stream().filter(Weight::trained).toList();
  }

  /** {@return the bytes that a checkpoint takes} */
  long size() {
    long floats = trained.stream().mapToLong(weight -> weight.shape().elementCount()).sum();
    return floats * Float.BYTES * (averages ? SLOTS.size() : SLOTS.size() - 1);
  }

  /** A value that is not finite. */
  static final class NotFiniteException extends IOException {

    private static final long serialVersionUID = 1L;

    NotFiniteException(String weight) {
      super("'" + weight + "' has a value that is not finite");
    }
  }

  /**
   * Writes a checkpoint.
   *
   * @param target the folder that is to appear
   * @param state without files
   * @throws NotFiniteException if a weight is not finite; nothing appears then
   * @throws IOException if the disk refuses; nothing appears then
   */
  void write(Path target, RunState state) throws IOException {
    try (PendingFolder pending = PendingFolder.create(target)) {
      List<BundleFile> files = new ArrayList<>();
      for (Map.Entry<String, Slot> entry : SLOTS.entrySet()) {
        if (averages || entry.getValue() != Slot.AVERAGE) {
          files.add(write(pending.working().resolve(entry.getKey()), entry.getValue()));
        }
      }
      RunState complete =
          new RunState(
              state.step(), state.source(), state.identity(), state.rows(), state.seconds(), files);
      DurableFile.write(
          pending.working().resolve(RunState.FILE),
          complete.toJson().getBytes(StandardCharsets.UTF_8));
      pending.commit();
    }
  }

  private BundleFile write(Path file, Slot slot) throws IOException {
    List<TensorDeclaration> tensors =
        trained.stream()
            .map(
                weight -> new TensorDeclaration(weight.name(), ElementType.FLOAT32, weight.shape()))
            .toList();
    ByteBuffer bytes =
        ByteBuffer.allocate(TensorSink.MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, tensors, Map.of())) {
      for (Weight weight : trained) {
        long count = weight.shape().elementCount();
        writer.write(
            weight.name(),
            sink -> {
              for (long from = 0; from < count; from += CHUNK_FLOATS) {
                FloatBuffer values = floats(bytes, count - from);
                model.read(weight.name(), slot, from, values.duplicate());
                requireFinite(values, weight.name());
                sink.accept(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
              }
            });
      }
      return writer.finish();
    }
  }

  private static void requireFinite(FloatBuffer values, String weight) throws NotFiniteException {
    for (int i = 0; i < values.limit(); i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new NotFiniteException(weight);
      }
    }
  }

  /** Limits the bytes to what is left, and shows them as floats. */
  private static FloatBuffer floats(ByteBuffer bytes, long left) {
    bytes.clear().limit((int) Math.min(CHUNK_FLOATS, left) * Float.BYTES);
    return bytes.asFloatBuffer();
  }

  /**
   * Puts the model into the state of a checkpoint.
   *
   * @param identity of this run
   * @return the rest of the state
   * @throws InvalidRequestException if the checkpoint is of another model or another kind of run;
   *     the model is as it was
   * @throws InvalidModelException if the checkpoint is corrupt; the model is as it was
   */
  RunState read(Path checkpoint, Map<String, String> identity) throws IOException {
    RunState state = RunState.read(checkpoint);
    requireSame(checkpoint, state.identity(), identity);
    requireFiles(checkpoint, state.files());
    for (BundleFile file : state.files()) {
      try (SafetensorsFile values = SafetensorsFile.open(checkpoint.resolve(file.name()))) {
        requireWeights(checkpoint, values);
      }
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(TensorSink.MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (BundleFile file : state.files()) {
      try (SafetensorsFile values = SafetensorsFile.open(checkpoint.resolve(file.name()))) {
        for (Weight weight : trained) {
          long count = weight.shape().elementCount();
          for (long from = 0; from < count; from += CHUNK_FLOATS) {
            FloatBuffer floats = floats(bytes, count - from);
            values.read(weight.name(), from * Float.BYTES, bytes.duplicate());
            model.write(weight.name(), SLOTS.get(file.name()), from, floats);
          }
        }
      }
    }
    model.setUpdates(state.step());
    return state;
  }

  private static void requireSame(
      Path checkpoint, Map<String, String> found, Map<String, String> expected) {
    Set<String> names = new TreeSet<>(expected.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      String before = found.getOrDefault(name, "none");
      String now = expected.getOrDefault(name, "none");
      if (!before.equals(now)) {
        throw new InvalidRequestException(
            checkpoint
                + " is of another run: its "
                + name
                + " was "
                + before
                + ", this run's is "
                + now
                + "; resume with what it was begun with, or begin a new run in another folder");
      }
    }
  }

  private void requireFiles(Path checkpoint, List<BundleFile> files) throws IOException {
    Set<String> expected = new TreeSet<>(SLOTS.keySet());
    if (!averages) {
      expected.remove(MEANS);
    }
    Set<String> found = new TreeSet<>(files.stream().map(BundleFile::name).toList());
    if (!found.equals(expected)) {
      throw new InvalidRequestException(
          checkpoint
              + " is of another run: it holds "
              + found
              + ", this run keeps "
              + expected
              + "; resume with the settings that it was begun with");
    }
    for (BundleFile file : files) {
      Path path = checkpoint.resolve(file.name());
      if (!Files.isRegularFile(path)
          || Files.size(path) != file.size()
          || !Sha256.of(path).equals(file.sha256())) {
        throw new InvalidModelException(
            path
                + " is missing or was changed since it was written; resume from an earlier"
                + " checkpoint of the run, if there is one");
      }
    }
  }

  private void requireWeights(Path checkpoint, SafetensorsFile values) {
    Set<String> names = new TreeSet<>(values.tensors().keySet());
    for (Weight weight : trained) {
      if (!names.remove(weight.name())) {
        throw other(checkpoint, "it lacks '" + weight.name() + "', which this run trains");
      }
      if (!values.tensor(weight.name()).shape().equals(weight.shape())
          || values.tensor(weight.name()).type() != ElementType.FLOAT32) {
        throw other(
            checkpoint,
            "its '"
                + weight.name()
                + "' is "
                + values.tensor(weight.name()).shape()
                + ", that of this run's model "
                + weight.shape());
      }
    }
    if (!names.isEmpty()) {
      throw other(
          checkpoint, "it holds '" + names.iterator().next() + "', which this run does not train");
    }
  }

  private static InvalidRequestException other(Path checkpoint, String why) {
    return new InvalidRequestException(
        checkpoint
            + " is of another model or trains other parts: "
            + why
            + "; resume with the model and recipe that it was begun with");
  }
}
