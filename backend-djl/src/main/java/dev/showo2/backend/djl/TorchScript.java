package dev.showo2.backend.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.showo2.error.BackendException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function of PyTorch that DJL has no method for, written in TorchScript. The archive that DJL
 * loads is made here from the source, so that nothing opaque is shipped. Thread-safe; gradients
 * pass through it.
 *
 * <p>The archive is a zip of files in the folder {@code script}: the version of the format, the
 * source of the class {@code Script}, an empty table of constants, and a pickle of one instance
 * without parameters. PyTorch reads the source as it reads what {@code torch.jit.save} writes:
 * types are spelled out, and an operator is named {@code torch.NAME}.
 */
final class TorchScript implements AutoCloseable {

  /** Of archives, and so of the meaning of operators: the first in which GELU has a kind. */
  private static final byte[] VERSION = "10\n".getBytes(StandardCharsets.US_ASCII);

  /** Pickle protocol 2, the empty tuple. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  /** The first time that a zip can express. */
  private static final LocalDateTime LONG_AGO = LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final long[] NONE = {};

  private final Model model;
  private final boolean takesIntegers;
  private final PtSymbolBlock block;

  private TorchScript(Model model, boolean takesIntegers) {
    this.model = model;
    this.takesIntegers = takesIntegers;
    this.block = (PtSymbolBlock) model.getBlock();
  }

  /**
   * Compiles a function of tensors.
   *
   * @param parameters their names, such as {@code "x", "y"}
   * @param expression its result, in TorchScript
   */
  static TorchScript compile(String expression, String... parameters) {
    return compile("", expression, parameters);
  }

  /**
   * Compiles a function that changes some of its arguments.
   *
   * @param statement makes the change, in TorchScript
   * @param expression its result, such as one of the parameters
   * @param parameters its tensors
   */
  static TorchScript compile(String statement, String expression, String[] parameters) {
    String statements = statement.isEmpty() ? "" : statement + "\n";
    return compile(List.of(parameters), List.of(), statements + "return [" + expression + "]");
  }

  /**
   * Compiles a function of tensors and integers.
   *
   * @param body lines of TorchScript, which return a list of tensors
   */
  static TorchScript compile(List<String> tensors, List<String> integers, String body) {
    String unpacked = String.join(", ", tensors) + ", = tensors\n";
    if (integers.isEmpty()) {
      return compile(unpacked + body);
    }
    return load(
        ", integers: List[int]", unpacked + String.join(", ", integers) + ", = integers\n" + body);
  }

  /**
   * Compiles a function of any number of tensors.
   *
   * @param body lines of TorchScript, which return a list of tensors; the list {@code tensors} has
   *     the arguments
   */
  static TorchScript compile(String body) {
    return load("", body);
  }

  /** Arguments cost a call of DJL each, and lists of them one. */
  private static TorchScript load(String integers, String body) {
    String source =
        """
        class Script(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Script, tensors: List[Tensor]%s) -> List[Tensor]:
        %s
        """
            .formatted(integers, body.indent(4).stripTrailing());
    Model model = Model.newInstance("script", DjlEngine.NAME);
    try {
      model.load(new ByteArrayInputStream(archive(source)));
      return new TorchScript(model, !integers.isEmpty());
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new BackendException("PyTorch does not compile\n" + body + "\n" + e, e);
    }
  }

  private static byte[] archive(String source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      add(zip, "data.pkl", instance());
      add(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      add(zip, "constants.pkl", NO_CONSTANTS);
      add(zip, "version", VERSION);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("script/" + name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setCrc(checksum.getValue());
    entry.setSize(content.length);
    // The current time would be written, and finding it sets the property user.timezone.
    entry.setTimeLocal(LONG_AGO);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** An instance of the class with the attribute {@code training = False}, in pickle protocol 2. */
  private static byte[] instance() throws IOException {
    byte[] attribute = "training".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write("c__torch__\nScript\n".getBytes(StandardCharsets.UTF_8));
    // The empty tuple, a new object of the class, the empty dictionary.
    pickle.write(new byte[] {')', (byte) 0x81, '}'});
    pickle.write(new byte[] {'X', (byte) attribute.length, 0, 0, 0});
    pickle.write(attribute);
    // False, one item of the dictionary, the object's state, the end.
    pickle.write(new byte[] {(byte) 0x89, 's', 'b', '.'});
    return pickle.toByteArray();
  }

  /**
   * Calls a function with one result.
   *
   * @return a new array of the first argument's manager
   */
  NDArray call(NDArray... arguments) {
    return callAll(arguments[0].getManager(), NONE, arguments)[0];
  }

  /**
   * Calls the function.
   *
   * @param scope to which its results belong
   * @return new arrays
   */
  NDArray[] callAll(NDManager scope, long[] integers, NDArray... arguments) {
    PtNDArray[] tensors = Arrays.copyOf(arguments, arguments.length, PtNDArray[].class);
    try (IValue list = IValue.listFrom(tensors);
        IValue numbers = takesIntegers ? IValue.listFrom(integers) : null;
        IValue result =
            NativeCall.INSTANCE.forward(
                block.getHandle(),
                numbers == null
                    ? new long[] {list.getHandle()}
                    : new long[] {list.getHandle(), numbers.getHandle()})) {
      return result.toTensorArray((PtNDManager) scope);
    }
  }

  /**
   * DJL's native method for a call. What DJL has in public around it keeps a failed call's
   * arguments for good, and is either made for training or in an inference mode that takes
   * gradients away and lets PyTorch warn on standard error of a guard that is deprecated. The
   * thread's gradient mode decides without it.
   */
  private static final class NativeCall {

    private static final NativeCall INSTANCE = new NativeCall();

    private final Object library;
    private final Method run;
    private final Constructor<IValue> value;

    private NativeCall() {
      try {
        Class<?> type =
            Class.forName("ai.djl.pytorch.jni.PyTorchLibrary", true, IValue.class.getClassLoader());
        Field instance = type.getDeclaredField("LIB");
        instance.setAccessible(true);
        library = instance.get(null);
        run =
            type.getDeclaredMethod(
                "moduleRunMethod",
                long.class,
                String.class,
                long[].class,
                boolean.class,
                boolean.class);
        run.setAccessible(true);
        value = IValue.class.getDeclaredConstructor(long.class);
        value.setAccessible(true);
      } catch (ReflectiveOperationException e) {
        throw new BackendException("this version of DJL calls PyTorch in another way: " + e, e);
      }
    }

    IValue forward(long module, long[] arguments) {
      try {
        boolean training = true;
        boolean ownStream = false;
        Object result = run.invoke(library, module, "forward", arguments, training, ownStream);
        return value.newInstance(result);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A number in TorchScript. */
  static String literal(double value) {
    return Double.toString(value).replace('E', 'e');
  }

  @Override
  public void close() {
    model.close();
  }
}
