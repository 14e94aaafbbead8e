package dev.showo2.export.internal.torch;

import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertRefused;

import dev.showo2.export.UntrustedInput;
import dev.showo2.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that would run code, exhaust memory or make no sense. */
class HostilePickleTest {

  private static final String CODE = "the file is refused, because loading it would execute code";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "builtins, getattr",
    "subprocess, Popen",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch._utils, _rebuild_device_tensor_from_numpy",
    "torch.hub, load",
    "numpy.core.multiarray, scalar",
    "collections, OrderedDict.__reduce__"
  })
  void refusesToCallAnythingElse(String module, String name) {
    for (int protocol : new int[] {2, 4, 5}) {
      PickleWriter pickle = new PickleWriter(protocol).global(module, name);
      pickle.string("touch /tmp/pwned").opcode(0x85).reduce();
      refuse(pickle.finish(), "'" + module + "." + name + "'", CODE, "model.state_dict()");
    }
  }

  @Test
  void refusesANameThatIsSplitInAnotherPlace() {
    PickleWriter pickle = new PickleWriter(4).global("collections.", "OrderedDict");
    refuse(pickle.emptyTuple().reduce().finish(), "'collections..OrderedDict'", CODE);
  }

  @ParameterizedTest
  @CsvSource({
    "0x81, NEWOBJ",
    "0x92, NEWOBJ_EX",
    "0x69, INST",
    "0x6f, OBJ",
    "0x50, PERSID",
    "0x82, EXT1",
    "0x97, NEXT_BUFFER",
    "0x98, READONLY_BUFFER"
  })
  void refusesOpcodesThatCall(String code, String name) {
    byte[] pickle = new PickleWriter().emptyDict().opcode(Integer.decode(code)).finish();
    refuse(pickle, name, code, CODE);
  }

  @Test
  void refusesUnknownOpcodes() {
    refuse(new PickleWriter().opcode(0xff).finish(), "the opcode 0xff");
  }

  @Test
  void refusesOtherProtocols() {
    refuse(new PickleWriter(6).emptyDict().finish(), "protocol 6 where 2 to 5 is expected");
    refuse(new PickleWriter(1).emptyDict().finish(), "protocol 1 where 2 to 5 is expected");
  }

  @Test
  void refusesToSetAttributes() {
    PickleWriter pickle = new PickleWriter().emptyDict();
    pickle.emptyDict().string("__class__").integer(1).setItem().build();
    refuse(pickle.finish(), "sets attributes other than '_metadata'", CODE);
  }

  @Test
  void refusesHooks() {
    PickleWriter pickle = new PickleWriter().global("torch._utils", "_rebuild_tensor_v2");
    pickle.mark().mark().string("storage").global("torch", "FloatStorage").string("0");
    pickle.string("cpu").integer(1).tuple().persistentId().integer(0).integers(1).integers(1);
    pickle.bool(false).emptyDict().string("hook").integer(1).setItem().tuple().reduce();
    refuse(pickle.finish(), "a tensor that is not (storage, offset, size, stride, False, {})");
  }

  @Test
  void refusesAnyTruncation() {
    byte[] whole =
        new TestStateDictPickle(2, true)
            .tensor(
                "a",
                new TestStateDictPickle.Storage("0", ElementType.FLOAT32, 1),
                TestStateDictPickle.View.contiguous(1))
            .finish();
    for (int length = 0; length < whole.length; length++) {
      refuse(Arrays.copyOf(whole, length), "its pickle", "get the file again");
    }
  }

  @Test
  void refusesTextAfterTheEnd() {
    refuse(new PickleWriter().emptyDict().opcode('.').opcode('.').toBytes(), "more than one value");
    refuse(new PickleWriter().emptyDict().emptyDict().finish(), "more than one value");
  }

  @Test
  void refusesADeepStack() {
    PickleWriter pickle = new PickleWriter();
    for (int i = 0; i <= 100_000; i++) {
      pickle.mark();
    }
    refuse(pickle.finish(), "more than 100000 values on its stack");
  }

  @Test
  void survivesDeepNesting() {
    PickleWriter pickle = new PickleWriter().string("x");
    for (int i = 0; i < 1_000_000; i++) {
      pickle.opcode(0x85);
    }
    refuse(pickle.finish(), "a state dict (keys and tensors) is expected");
  }

  @Test
  void survivesAValueThatHoldsItself() {
    PickleWriter pickle = new PickleWriter().emptyDict().put(0);
    refuse(pickle.string("self").get(0).setItem().finish(), "'self' is no tensor");
  }

  @Test
  void survivesTuplesThatDoubleTheirSize() {
    PickleWriter pickle = new PickleWriter().emptyDict().string("bomb").string("x").put(0);
    for (int i = 0; i < 10_000; i++) {
      pickle.get(i).opcode(0x86).put(i + 1);
    }
    refuse(pickle.setItem().finish(), "'bomb' is no tensor");
  }

  /** Each of them would hold all the sizes again. */
  @Test
  void refusesTensorsThatShareManySizes() throws Exception {
    PickleWriter pickle = new PickleWriter().emptyDict();
    pickle.string("sizes").integers(new long[20_000]).put(0).setItem();
    pickle.string("storage").mark().string("storage").global("torch", "FloatStorage");
    pickle.string("0").string("cpu").integer(0).tuple().persistentId().put(1).setItem();
    for (int i = 0; i < 1000; i++) {
      pickle.string("tensor " + i).global("torch._utils", "_rebuild_tensor_v2").mark().get(1);
      pickle.integer(0).get(0).get(0).bool(false).opcode('N').tuple().reduce().setItem();
    }
    byte[] bytes = pickle.finish();
    UntrustedInput.readOrRefuse(bytes.length, () -> Unpickler.load("test", ByteBuffer.wrap(bytes)));
    refuse(bytes, "'sizes' is no tensor");
  }

  @Test
  void refusesTooManyRememberedValues() {
    PickleWriter pickle = new PickleWriter(4).emptyDict();
    for (int i = 0; i <= 1 << 20; i++) {
      pickle.opcode(0x94);
    }
    refuse(pickle.finish(), "more than 1048576 remembered values");
  }

  @Test
  void refusesTooManyValues() {
    PickleWriter pickle = new PickleWriter().opcode(']');
    for (int i = 0; i <= 1 << 20; i++) {
      pickle.emptyDict().opcode('a').emptyDict().opcode('a');
    }
    refuse(pickle.finish(), "more than 2097152 values");
  }

  @Test
  void refusesAHugePickle() {
    refuse(new byte[(16 << 20) + 1], "data.pkl' has 16777217 bytes, at most 16777216 are read");
  }

  @Test
  void refusesHugeStringsBeforeReadingThem() {
    refuse(new PickleWriter().opcode('X').i32(-1).finish(), "a string of 4294967295 bytes");
    refuse(new PickleWriter().opcode(0x8d).i64(-1).finish(), "a string of 18446744073709551615");
    refuse(new PickleWriter().opcode(0x8a).opcode(9).finish(), "an integer of 9 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {'t', 'u', 'e', 0x85, 's', 'R', 'b', 'Q', 'q', 0x93, '.'})
  void refusesOpcodesWithoutTheirValues(int opcode) {
    refuse(new PickleWriter().opcode(opcode).opcode(0).opcode('.').toBytes(), "its pickle holds");
  }

  @Test
  void refusesReferencesToNothing() {
    refuse(new PickleWriter().get(7).finish(), "the value 7 that was never remembered");
  }

  @Test
  void refusesAKeyTwice() {
    PickleWriter pickle = new PickleWriter().emptyDict().mark();
    pickle.string("a").integer(1).string("a").integer(2).setItems();
    refuse(pickle.finish(), "the key 'a' twice");
  }

  @Test
  void refusesWhatIsNoStateDict() {
    refuse(new PickleWriter().integer(1).finish(), "a state dict", "it is no dict");
    PickleWriter nested = new PickleWriter().emptyDict().string("state_dict").emptyDict();
    refuse(nested.setItem().finish(), "'state_dict' is no tensor", "save model.state_dict()");
  }

  private void refuse(byte[] pickle, String... parts) {
    assertRefused(folder, TorchFileBuilder.ofPickle(pickle).toBytes(), parts);
  }
}
