package dev.showo2.export.internal.torch;

/** Torch files that want to run code, for tests of those who read them. */
public final class HostileTorchFile {

  private HostileTorchFile() {}

  /** The bytes of a file whose pickle calls a function. */
  public static byte[] calling(String module, String name) {
    byte[] pickle =
        new PickleWriter()
            .global(module, name)
            .mark()
            .string("touch evil")
            .tuple()
            .reduce()
            .finish();
    return TorchFileBuilder.ofPickle(pickle).toBytes();
  }
}
