package dev.showo2.export.internal.torch;

import dev.showo2.export.internal.torch.TestStateDictPickle.Storage;
import dev.showo2.export.internal.torch.TestStateDictPickle.View;
import dev.showo2.tensor.ElementType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Pickles that a fuzzer starts from; together they use every opcode that is read. */
final class PickleSeeds {

  /** That of the storages to which the pickles refer. */
  static final int STORAGE_BYTES = 16;

  private PickleSeeds() {}

  static Stream<Named<byte[]>> all() {
    return Stream.of(
        Named.of("protocol 2", stateDict(2)),
        Named.of("protocol 4", stateDict(4)),
        Named.of("every storage", everyStorage()),
        Named.of("no tensors", new PickleWriter(2).emptyDict().finish()),
        Named.of("other values", otherValues()));
  }

  private static byte[] stateDict(int protocol) {
    Storage storage = new Storage("0", ElementType.FLOAT32, STORAGE_BYTES / 4);
    View transposed = new View(0, new long[] {2, 2}, new long[] {1, 2});
    return new TestStateDictPickle(protocol, true)
        .tensor("whole", storage, View.contiguous(2, 2))
        .tensor("part", storage, new View(1, new long[] {3}, new long[] {1}))
        .tensor("repeated", storage, new View(0, new long[] {64, 4}, new long[] {0, 1}))
        .parameter("transposed", storage, transposed)
        .finish();
  }

  private static byte[] everyStorage() {
    TestStateDictPickle pickle = new TestStateDictPickle(2, false);
    for (ElementType type : ElementType.values()) {
      long count = STORAGE_BYTES / type.byteSize();
      pickle.tensor(type.name(), new Storage("0", type, count), View.contiguous(count));
    }
    return pickle.finish();
  }

  /** A list of what a state dict has no use for, but which is skipped where it may stand. */
  private static byte[] otherValues() {
    PickleWriter pickle = new PickleWriter(4).opcode(0x95).i64(64).opcode(']').opcode(0x94);
    pickle.opcode('N').opcode('a').mark().bool(true).integer(-1).integer(1L << 40);
    pickle.opcode('M').raw((byte) 1, (byte) 2).opcode('G').i64(1).opcode('e');
    pickle.opcode(0x8d).i64(1).raw((byte) 'x').opcode('q').opcode(1).opcode(0x85).opcode('a');
    pickle.opcode('h').opcode(1).opcode('h').opcode(1).opcode(0x86).put(2).opcode('a');
    pickle.get(2).get(2).get(2).opcode(0x87).opcode('a').emptyTuple().opcode('a');
    pickle.emptyDict().string("key").string("value").setItem().opcode('a');
    return pickle.finish();
  }
}
