package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The place of CUDA and TensorRT in tests: writes down each call, hands out objects, and throws an
 * {@link AssertionError} for what would be a fault in native code: an object that does not exist or
 * no longer, one that is freed before what was made of it, a thread that chose no GPU.
 *
 * <p>It computes nothing and proves nothing about the libraries.
 */
final class RecordedCalls {

  private static final Set<String> ANY_THREAD =
      Set.of(
          "setDevice",
          "deviceCount",
          "describe",
          "clearError",
          "messages",
          "driverVersion",
          "runtimeVersion",
          "computeCapability",
          "deviceName",
          "parserVersion",
          "libraryVersion");

  /** Calls that end an object, which has to be their first argument. */
  private static final Set<String> ENDS =
      Set.of(
          "destroy",
          "destroyParser",
          "destroyParserRefitter",
          "destroyStream",
          "destroyExecutable",
          "destroyGraph",
          "free",
          "freeAsync");

  private static final long FIRST = 0x7000_0000_0000L;
  private static final long STEP = 1L << 20;

  private final List<String> lines = new ArrayList<>();
  private final TreeMap<Long, String> names = new TreeMap<>();

  /** What somebody has to free, with what each was made of. */
  private final Map<Long, Set<Long>> madeOf = new LinkedHashMap<>();

  /** Profiles, which go with their builder. */
  private final Map<Long, Set<Long>> borrowed = new HashMap<>();

  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Function<Object[], Object>> answers = new HashMap<>();
  private final ThreadLocal<Boolean> deviceChosen = ThreadLocal.withInitial(() -> false);
  private int calls;
  private int failing = -1;
  private int error;
  private String failed;

  CudaCalls cuda() {
    return proxy(CudaCalls.class);
  }

  BuilderCalls builder() {
    return proxy(BuilderCalls.class);
  }

  RuntimeCalls runtime() {
    return proxy(RuntimeCalls.class);
  }

  private <T> T proxy(Class<T> type) {
    InvocationHandler handler = (proxy, method, arguments) -> call(method, arguments);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** Lets a method answer with something else. */
  RecordedCalls answer(String method, Function<Object[], Object> answer) {
    answers.put(method, answer);
    return this;
  }

  /** Lets the next call of a method answer with something else. */
  RecordedCalls answerOnce(String method, Object answer) {
    return answer(
        method,
        arguments -> {
          answers.remove(method);
          return answer;
        });
  }

  /** Lets the call of that number fail, counted from 0; CUDA's with that error. */
  RecordedCalls failAt(int call, int cudaError) {
    failing = call;
    error = cudaError;
    return this;
  }

  /** The method that failed; null if the call was not reached. */
  String failed() {
    return failed;
  }

  /** How many calls can fail. */
  int fallible() {
    return calls;
  }

  /** All calls that were made since the last time, one a line, without those that choose a GPU. */
  String protocol() {
    String all = String.join("\n", lines) + "\n";
    lines.clear();
    return all;
  }

  /** Objects that nobody freed. */
  Collection<String> left() {
    return madeOf.keySet().stream().map(names::get).toList();
  }

  private Object call(Method method, Object[] given) {
    Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (!ANY_THREAD.contains(name) && !deviceChosen.get()) {
      throw new AssertionError(name + " on a thread that chose no GPU");
    }
    for (Object argument : arguments) {
      if (argument instanceof Long number) {
        requireAlive(name, number);
      } else if (argument instanceof CudaCalls.Region region) {
        requireAlive(name, region.address());
      }
    }
    boolean fails = false;
    if (method.getReturnType() != void.class && isFallible(method)) {
      fails = calls++ == failing;
      failed = fails ? name : failed;
    }
    Object result = fails ? failure(method) : answer(method, arguments);
    note(name, arguments, result);
    if (name.equals("setDevice")) {
      deviceChosen.set(true);
    }
    if (ENDS.contains(name)) {
      end(name, (Long) arguments[0]);
    }
    return result;
  }

  private void requireAlive(String method, long number) {
    Map.Entry<Long, String> of = number < FIRST ? null : names.floorEntry(number);
    if (of != null
        && number - of.getKey() < STEP
        && !madeOf.containsKey(of.getKey())
        && !borrowed.containsKey(of.getKey())) {
      throw new AssertionError(method + " of " + of.getValue() + ", which was freed");
    }
  }

  private void end(String method, long object) {
    if (!madeOf.containsKey(object)) {
      throw new AssertionError(method + " of " + object + ", which is no object");
    }
    madeOf.forEach(
        (other, from) -> {
          if (from.contains(object)) {
            throw new AssertionError(
                names.get(object) + " was freed before " + names.get(other) + ", made of it");
          }
        });
    madeOf.remove(object);
    borrowed.values().removeIf(from -> from.contains(object));
  }

  private boolean isFallible(Method method) {
    Class<?> type = method.getReturnType();
    return method.getDeclaringClass() == CudaCalls.class
        ? type == int.class
        : type == boolean.class
            || type == long.class && method.getName().matches("create.*|build|serialize.*|deser.*")
            || method.getName().equals("addProfile");
  }

  private Object failure(Method method) {
    if (method.getReturnType() == boolean.class) {
      return false;
    }
    if (method.getReturnType() == long.class) {
      return 0L;
    }
    return method.getDeclaringClass() == CudaCalls.class ? error : -1;
  }

  private Object answer(Method method, Object[] arguments) {
    String name = method.getName();
    if (answers.containsKey(name)) {
      return answers.get(name).apply(arguments);
    }
    if (method.getDeclaringClass() == CudaCalls.class && method.getReturnType() == int.class) {
      fill(name, arguments);
      return 0;
    }
    if (method.getReturnType() == boolean.class) {
      return true;
    }
    if (method.getReturnType() == String.class) {
      return name.equals("libraryVersion") ? "10.15.1.29" : name + " text";
    }
    if (method.getReturnType() == long.class) {
      return isFallible(method) ? made(name, arguments) : 0L;
    }
    if (name.equals("addProfile")) {
      return counts.merge("added", 1, Integer::sum) - 1;
    }
    if (method.getReturnType() == List.class) {
      return List.of();
    }
    return method.getReturnType() == int.class ? 1 : null;
  }

  /** Makes an object of all objects that a call was given. */
  private long made(String method, Object[] arguments) {
    String kind = method.replaceFirst("^create", "");
    kind = Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
    long object = FIRST + STEP * names.size();
    names.put(object, kind + counts.merge(kind, 1, Integer::sum));
    Set<Long> from = new HashSet<>();
    // Plans and timings are copies, and timings outlive what uses them.
    if (!method.matches("build|serialize.*|createTimingCache")) {
      for (Object argument : arguments) {
        if (argument instanceof Long number && names.containsKey(number)) {
          from.add(number);
        }
      }
    }
    (method.equals("createProfile") ? borrowed : madeOf).put(object, from);
    return object;
  }

  private void fill(String name, Object[] arguments) {
    switch (name) {
      case "deviceCount" -> ((int[]) arguments[0])[0] = 1;
      case "driverVersion", "runtimeVersion" -> ((int[]) arguments[0])[0] = 13_010;
      case "computeCapability" -> {
        ((int[]) arguments[0])[0] = 9;
        ((int[]) arguments[0])[1] = 0;
      }
      case "deviceName" -> ((String[]) arguments[0])[0] = "NVIDIA Test GPU";
      case "createStream" -> ((long[]) arguments[0])[0] = made("createStream", new Object[0]);
      case "allocate" -> ((long[]) arguments[0])[0] = made("memory", new Object[0]);
      case "allocateAsync" ->
          ((long[]) arguments[0])[0] = made("memory", new Object[] {arguments[2]});
      case "endCapture" -> ((long[]) arguments[1])[0] = made("graph", new Object[0]);
      case "instantiate" -> ((long[]) arguments[0])[0] = made("executable", new Object[0]);
      default -> {}
    }
  }

  private void note(String name, Object[] arguments, Object result) {
    if (name.equals("setDevice")) {
      return;
    }
    List<String> shown = new ArrayList<>();
    for (Object argument : arguments) {
      shown.add(show(argument));
    }
    String line = name + "(" + String.join(", ", shown) + ")";
    if (result instanceof Long made && names.containsKey(made)) {
      line += " = " + names.get(made);
    } else if (result instanceof Boolean ok && !ok) {
      line += " = false";
    } else if (result instanceof Integer code && code != 0 && !name.endsWith("s")) {
      line += " = " + code;
    }
    lines.add(line);
  }

  private String show(Object argument) {
    if (argument instanceof Long number) {
      return place(number);
    }
    if (argument instanceof CudaCalls.Region region) {
      return place(region.address()) + " every " + region.pitch();
    }
    if (argument instanceof ByteBuffer buffer) {
      return buffer.remaining() + " bytes";
    }
    if (argument instanceof long[] numbers) {
      return numbers.length == 1 && names.containsKey(numbers[0])
          ? names.get(numbers[0])
          : Arrays.toString(numbers);
    }
    if (argument instanceof int[] || argument instanceof String[]) {
      return "";
    }
    return argument instanceof Path path ? path.getFileName().toString() : String.valueOf(argument);
  }

  private String place(long number) {
    Map.Entry<Long, String> of = number < FIRST ? null : names.floorEntry(number);
    if (of == null) {
      return Long.toString(number);
    }
    return of.getKey() == number ? of.getValue() : of.getValue() + "+" + (number - of.getKey());
  }
}
