package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The names in a pickle that was refused, read opcode by opcode without building any value: they
 * tell what wrote it.
 */
final class PickleScan {

  private static final int MAX_NAMES = 100_000;

  private final Set<String> names = new HashSet<>();

  private PickleScan() {}

  /** As far as the pickle can be read. */
  static PickleScan of(ByteBuffer pickle) {
    PickleScan scan = new PickleScan();
    try {
      scan.read(new PickleBytes("", pickle.duplicate()));
    } catch (InvalidModelException e) {
      // It was refused before; the names up to here are what there is to tell.
    }
    return scan;
  }

  private void read(PickleBytes in) {
    while (!in.atEnd() && names.size() < MAX_NAMES) {
      int opcode = in.u8();
      switch (opcode) {
        case 'c', 'i' -> {
          names.add(in.line());
          names.add(in.line());
        }
        case 'X' -> names.add(in.utf8(Integer.toUnsignedLong(in.i32())));
        case 0x8c -> names.add(in.utf8(in.u8()));
        case 0x8d -> names.add(in.utf8(in.i64()));
        case 'C', 'U' -> in.skip(in.u8());
        case 'B', 'T', 0x8b -> in.skip(Integer.toUnsignedLong(in.i32()));
        case 0x8e, 0x96 -> in.skip(in.i64());
        case 0x8a -> in.skip(in.u8());
        case 'K', 'q', 'h', 0x80, 0x82 -> in.skip(1);
        case 'M', 0x83 -> in.skip(2);
        case 'J', 'r', 'j', 0x84 -> in.skip(4);
        case 'G', 0x95 -> in.skip(8);
        case 'F', 'I', 'L', 'S', 'V', 'P', 'p', 'g' -> in.line();
        default -> {
          // All others have no argument.
        }
      }
    }
  }

  /**
   * What the file is, and the tool that makes a state dict of it; empty if nothing tells.
   *
   * @param origin the file, for the message
   */
  Optional<String> explain(String origin) {
    if (names.contains("DTensor") || names.contains("ShardedTensor")) {
      return Optional.of(
          origin
              + " holds the sharded tensors of a model that was split over processes ("
              + (names.contains("DTensor") ? "DTensor, as FSDP2" : "ShardedTensor, as FSDP")
              + " saves them), each file only a part; save the whole instead:"
              + " get_model_state_dict(model, options=StateDictOptions(full_state_dict=True,"
              + " cpu_offload=True)) of torch.distributed.checkpoint.state_dict");
    }
    if (names.contains("_rebuild_qtensor") || anyModule("torchao", "bitsandbytes", "optimum")) {
      return Optional.of(
          origin
              + " holds quantized tensors of a Python library, which are not read; export the"
              + " checkpoint that it was made from, whose weights are in fp32, fp16 or bf16");
    }
    if (names.contains("_rebuild_meta_tensor_no_storage")) {
      return Optional.of(
          origin
              + " holds tensors without values (device meta): the model was never loaded where it"
              + " was saved; load its weights and save model.state_dict() again");
    }
    if (names.contains("param_groups")
        || names.contains("optimizer_states")
        || names.contains("pytorch-lightning_version")) {
      return Optional.of(
          origin
              + " is a training checkpoint that holds Python objects beside the weights; they would"
              + " execute code when loaded, so it is refused. Load it where it was made, and save"
              + " its model's state_dict() alone");
    }
    return Optional.empty();
  }

  private boolean anyModule(String... packages) {
    for (String name : names) {
      for (String module : packages) {
        if (name.equals(module) || name.startsWith(module + ".")) {
          return true;
        }
      }
    }
    return false;
  }
}
