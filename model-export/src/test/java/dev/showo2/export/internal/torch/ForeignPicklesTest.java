package dev.showo2.export.internal.torch;

import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that torch 2.15 writes and that are no plain state dict of common types. */
class ForeignPicklesTest {

  @TempDir Path folder;

  /** Those without a storage class go another way than the others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "float8_e4m3fn",
        "float8_e5m2",
        "float8_e8m0fnu",
        "float4_e2m1fn_x2",
        "uint16",
        "uint32",
        "uint64",
        "complex128"
      })
  void aTensorOfATypeThatIsNotReadSpoilsNothing(String type) {
    PickleWriter pickle = new PickleWriter().emptyDict();
    typed(pickle.string("rare"), "0", type).setItem();
    tensor(pickle.string("a"), "FloatStorage", "1").setItem();
    try (CheckpointWeights weights = open(pickle)) {
      assertEquals(List.of("a"), List.copyOf(weights.names()));
      assertEquals(Map.of("rare", type), weights.unreadable());
      assertArrayEquals(new float[] {1}, weights.readFloats("a").values());
    }
  }

  @Test
  void complexStoragesAreNamed() {
    PickleWriter pickle = new PickleWriter().emptyDict();
    tensor(pickle.string("a"), "ComplexFloatStorage", "0").setItem();
    try (CheckpointWeights weights = open(pickle)) {
      assertEquals(Map.of("a", "ComplexFloatStorage"), weights.unreadable());
    }
  }

  @Test
  void commonTypesMayGoThatWayToo() {
    PickleWriter pickle = new PickleWriter(5).emptyDict();
    typed(pickle.string("a"), "1", "float32").setItem();
    try (CheckpointWeights weights = open(pickle)) {
      assertEquals(ElementType.FLOAT32, weights.type("a"));
      assertArrayEquals(new float[] {1}, weights.readFloats("a").values());
    }
    PickleWriter odd = new PickleWriter().emptyDict();
    typed(odd.string("a"), "1", "float64").setItem();
    refuse(odd, "a tensor that is not (storage, offset, size, stride, False, {}, type)");
  }

  /** As Megatron and others mark them; state_dict(keep_vars=True) saves it. */
  @Test
  void attributesOfParametersAreLeftOut() {
    PickleWriter pickle = new PickleWriter().emptyDict().string("a");
    pickle.global("torch._utils", "_rebuild_parameter_with_state").mark();
    tensor(pickle, "FloatStorage", "1").bool(true).emptyDict();
    pickle.emptyDict().string("tensor_model_parallel").bool(false).setItem().tuple().reduce();
    try (CheckpointWeights weights = open(pickle.setItem())) {
      assertArrayEquals(new float[] {1}, weights.readFloats("a").values());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model, optimizer, 'a training checkpoint, a dict of ''epoch'', ''model'', ''optimizer''', model",
    "state_dict, optimizer_states, a training checkpoint of Lightning, state_dict",
    "model_state, other, a training checkpoint, model_state"
  })
  void trainingCheckpointsTellTheEntryToSave(
      String weights, String other, String what, String entry) {
    PickleWriter pickle = new PickleWriter().emptyDict().string("epoch").integer(3).setItem();
    tensor(pickle.string(weights).emptyDict().string("a"), "FloatStorage", "1").setItem().setItem();
    pickle.string(other).emptyDict().string("state").emptyDict().integer(0).emptyDict().setItem();
    pickle.setItem().setItem();
    refuse(
        pickle,
        "is " + what,
        "its weights are in '" + entry + "': save that entry alone",
        "torch.save(torch.load(file)['" + entry + "'], new_file)");
  }

  @Test
  void theStateOfAnOptimizerIsNoModel() {
    PickleWriter pickle = new PickleWriter().emptyDict().string("state").emptyDict();
    pickle.integer(0).emptyDict().string("step").integer(1).setItem().setItem().setItem();
    pickle.string("param_groups").opcode(']').setItem();
    refuse(pickle, "is the state of an optimizer", "holds no weights of a model");
  }

  @Test
  void keysThatAreNoStringsAreNoStateDict() {
    PickleWriter pickle = new PickleWriter().emptyDict();
    tensor(pickle.integer(0), "FloatStorage", "1").setItem();
    refuse(pickle, "a state dict (keys and tensors) is expected, but it has keys that are no");
  }

  /** What they refer to is refused as ever, but the message says what the file is. */
  @ParameterizedTest
  @CsvSource({
    "torch.distributed.tensor, DTensor, 'DTensor, as FSDP2 saves them'",
    "torch.distributed._shard.sharded_tensor.api, ShardedTensor, full_state_dict=True",
    "torch._utils, _rebuild_qtensor, holds quantized tensors",
    "torchao.dtypes.affine_quantized_tensor, AffineQuantizedTensor, holds quantized tensors",
    "torch._utils, _rebuild_meta_tensor_no_storage, tensors without values (device meta)"
  })
  void objectsOfKnownLibrariesAreNamed(String module, String name, String message) {
    for (int protocol : new int[] {2, 5}) {
      PickleWriter pickle = new PickleWriter(protocol).emptyDict().string("a");
      refuse(pickle.global(module, name).emptyTuple().reduce().setItem(), message);
    }
  }

  @Test
  void aTrainingCheckpointWithObjectsIsOne() {
    PickleWriter pickle = new PickleWriter().emptyDict().string("optimizer").emptyDict();
    pickle.string("param_groups").opcode(']').setItem().setItem();
    pickle.string("args").global("argparse", "Namespace").emptyTuple().reduce().setItem();
    refuse(
        pickle,
        "is a training checkpoint that holds Python objects beside the weights; they would execute"
            + " code");
  }

  /** Protocol 2, torch's default, has no opcode for bytes: Python 3 writes calls. */
  @Test
  void bytesOfProtocolTwoAreNoTrainingCheckpoint() {
    PickleWriter pickle = new PickleWriter(2).emptyDict().string("state");
    encoded(pickle, "\u00ff\u0000", "latin1").setItem();
    pickle.string("none").global("__builtin__", "bytes").emptyTuple().reduce().setItem();
    refuse(pickle, "'state' is no tensor; save model.state_dict() itself");
    PickleWriter other = new PickleWriter(2).emptyDict().string("state");
    encoded(other, "x", "rot13").setItem();
    refuse(other, "bytes that are not (text, 'latin1')");
    PickleWriter filled = new PickleWriter(2).emptyDict().string("state");
    filled.global("__builtin__", "bytes").mark().integer(9).tuple().reduce().setItem();
    refuse(filled, "empty bytes that are made with arguments");
  }

  @ParameterizedTest
  @CsvSource({"__builtin__, 2", "builtins, 4"})
  void byteArraysAreNoTrainingCheckpoint(String module, int protocol) {
    PickleWriter pickle = new PickleWriter(protocol).emptyDict().string("state");
    pickle.global(module, "bytearray").mark();
    encoded(pickle, "\u00ff", "latin1").tuple().reduce().setItem();
    pickle.string("none").global(module, "bytearray").emptyTuple().reduce().setItem();
    refuse(pickle, "'state' is no tensor; save model.state_dict() itself");
    PickleWriter sized = new PickleWriter(protocol).emptyDict().string("state");
    sized.global(module, "bytearray").mark().integer(9).tuple().reduce().setItem();
    refuse(sized, "a byte array that is not made of bytes");
  }

  private static PickleWriter encoded(PickleWriter pickle, String text, String encoding) {
    pickle.global("_codecs", "encode").mark().string(text).string(encoding);
    return pickle.tuple().reduce();
  }

  /** Bytes of random generators and the like. */
  @Test
  void bytesArePassedOver() {
    PickleWriter pickle = new PickleWriter(5).emptyDict().string("a");
    pickle.opcode('C').opcode(3).raw((byte) 1, (byte) 2, (byte) 3).setItem();
    refuse(pickle, "'a' is no tensor");
    PickleWriter cut = new PickleWriter(5).emptyDict().string("a").opcode(0x8e).i64(1L << 40);
    refuse(cut, "an end too early");
  }

  private static PickleWriter tensor(PickleWriter pickle, String storage, String key) {
    pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
    pickle.mark().string("storage").global("torch", storage).string(key).string("cpu").integer(1);
    pickle.tuple().persistentId().integer(0).integers(1).integers(1).bool(false).emptyDict();
    return pickle.tuple().reduce();
  }

  private static PickleWriter typed(PickleWriter pickle, String key, String type) {
    pickle.global("torch._utils", "_rebuild_tensor_v3").mark();
    pickle.mark().string("storage").global("torch.storage", "UntypedStorage").string(key);
    pickle.string("cpu").integer(4).tuple().persistentId().integer(0).integers(1).integers(1);
    return pickle.bool(false).emptyDict().global("torch", type).tuple().reduce();
  }

  private CheckpointWeights open(PickleWriter pickle) {
    return Checkpoints.open(file(pickle).write(folder.resolve("model.bin")));
  }

  private void refuse(PickleWriter pickle, String... parts) {
    assertRefused(folder, file(pickle).toBytes(), parts);
  }

  private static TorchFileBuilder file(PickleWriter pickle) {
    return TorchFileBuilder.ofPickle(pickle.finish())
        .storage("0", new byte[4])
        .storage("1", TorchFileBuilder.floats(1));
  }
}
