package dev.showo2.conformance.internal.check.run;

import dev.showo2.tensor.Tensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A backend, stage, tensor, cache or stream that does wrong as its twist has it. */
record Twisted(Object real, Twist twist) implements InvocationHandler {

  private static final Set<String> COMPOSED = Set.of("denoiseStep", "evaluateAll", "velocityAll");

  static <T> T around(Class<T> type, T real, Twist twist) {
    return type.cast(
        Proxy.newProxyInstance(
            Twisted.class.getClassLoader(), new Class<?>[] {type}, new Twisted(real, twist)));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "Twisted" + real;
      };
    }
    if (COMPOSED.contains(method.getName()) && method.isDefault()) {
      // Over the twisted stages, as decorators compose it.
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    Object[] inner =
        arguments == null
            ? new Object[0]
            : Arrays.stream(arguments).map(Twisted::unwrapped).toArray();
    return wrapped(method.getReturnType(), twist.at(new Twist.Call(real, method, inner)));
  }

  private Object wrapped(Class<?> type, Object result) throws ReflectiveOperationException {
    if (result == null || Proxy.isProxyClass(result.getClass())) {
      return result;
    }
    if (type.isRecord() && type.getPackageName().equals("dev.showo2.stage")) {
      Object[] parts = components(result);
      for (int i = 0; i < parts.length; i++) {
        parts[i] = around(Tensor.class, (Tensor) parts[i], twist);
      }
      return rebuilt(type, parts);
    }
    boolean twistable = type.isInterface() && !type.isSealed() && isOurs(type);
    return twistable ? wrappedAs(type, result) : result;
  }

  /** Sets and lists are compared by what is in them. */
  private static boolean isOurs(Class<?> type) {
    return type.getPackageName().startsWith("dev.showo2.");
  }

  private <T> T wrappedAs(Class<T> type, Object result) {
    return around(type, type.cast(result), twist);
  }

  private static Object unwrapped(Object argument) {
    if (argument instanceof List<?> list) {
      return list.stream().map(Twisted::unwrapped).toList();
    }
    if (argument instanceof Optional<?> optional) {
      return optional.map(Twisted::unwrapped);
    }
    if (argument != null && argument.getClass().getSimpleName().endsWith("Request")) {
      return unwrappedRequest(argument);
    }
    return argument != null
            && Proxy.isProxyClass(argument.getClass())
            && Proxy.getInvocationHandler(argument) instanceof Twisted twisted
        ? twisted.real
        : argument;
  }

  /** Requests of tensors and caches have a factory of all their fields; the others hold values. */
  private static Object unwrappedRequest(Object request) {
    Field[] fields =
        Arrays.stream(request.getClass().getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .toArray(Field[]::new);
    Class<?>[] types = Arrays.stream(fields).map(Field::getType).toArray(Class<?>[]::new);
    try {
      Method factory = request.getClass().getMethod("of", types);
      Object[] parts = new Object[fields.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = unwrapped(request.getClass().getMethod(fields[i].getName()).invoke(request));
      }
      return factory.invoke(null, parts);
    } catch (NoSuchMethodException e) {
      return request;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object[] components(Object value) throws ReflectiveOperationException {
    RecordComponent[] components = value.getClass().getRecordComponents();
    Object[] parts = new Object[components.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = components[i].getAccessor().invoke(value);
    }
    return parts;
  }

  private static Object rebuilt(Class<?> type, Object[] parts) throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Constructor<?> constructor = type.getConstructor(types);
    return constructor.newInstance(parts);
  }
}
