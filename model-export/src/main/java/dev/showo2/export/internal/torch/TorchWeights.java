package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.CheckpointFile;
import dev.showo2.export.internal.io.ChunkedReading;
import dev.showo2.model.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.apiguardian.api.API;

/** A state dict in the zip format of torch.save, its tensors read in place. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TorchWeights implements CheckpointWeights {

  private final TorchArchive archive;
  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> shared = new HashMap<>();

  /** Takes over the file; if this fails, the caller still closes it. */
  public TorchWeights(CheckpointFile file) {
    this.archive = new TorchArchive(file);
    Object root = Unpickler.load(file.path().toString(), archive.pickle());
    if (!(root instanceof PickleValue.Dict dict)) {
      throw notStateDict("it is no dict");
    }
    // By their text, which has an order: a map of records that all have one hash code is slow.
    Map<String, String> firsts = new HashMap<>();
    dict.entries()
        .forEach(
            (key, value) -> {
              if (!(value instanceof PickleValue.View view)) {
                throw notStateDict("'" + key + "' is no tensor");
              }
              TorchTensor tensor = TorchTensor.of(archive, key, view);
              tensors.put(key, tensor);
              shared.put(key, firsts.computeIfAbsent(tensor.toString(), unused -> key));
            });
  }

  private InvalidModelException notStateDict(String found) {
    return new InvalidModelException(
        archive.file().path()
            + ": a state dict (keys and tensors) is expected, but "
            + found
            + "; save model.state_dict() itself");
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public Shape shape(String name) {
    return tensor(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return tensor(name).type();
  }

  @Override
  public String sharedWith(String name) {
    tensor(name);
    return shared.get(name);
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    TorchTensor tensor = tensor(name);
    ZipEntry storage = tensor.storage();
    if (tensor.byteLength() == 0) {
      return;
    }
    if (!tensor.layout().isContiguous()) {
      archive.verify(storage);
      StridedReader.read(archive.file(), tensor, sink);
    } else if (tensor.byteLength() == storage.size() && !archive.isVerified(storage)) {
      // The usual case: one pass both hands over and checks.
      CRC32 crc = new CRC32();
      copy(
          tensor,
          chunk -> {
            crc.update(chunk.duplicate());
            sink.accept(chunk);
          });
      archive.verify(storage, crc);
    } else {
      archive.verify(storage);
      copy(tensor, sink);
    }
  }

  private void copy(TorchTensor tensor, TensorSink sink) throws IOException {
    long start = tensor.storage().offset() + tensor.layout().offset() * tensor.type().byteSize();
    ChunkedReading.stream(
        tensor.byteLength(),
        (position, chunk) -> archive.file().read(start + position, chunk),
        sink);
  }

  private TorchTensor tensor(String name) {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidModelException(archive.file().path() + " has no tensor '" + name + "'");
    }
    return tensor;
  }

  @Override
  public void close() {
    archive.close();
  }
}
