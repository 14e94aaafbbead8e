package dev.showo2.conformance.internal.check.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Replacements of a call, or of the opening, of a faulty backend. */
@FunctionalInterface
interface Twist {

  /** Nothing wrong. */
  Twist NONE = Call::proceed;

  /** Does the call right, or otherwise. */
  Object at(Call call) throws Throwable;

  /** Goes wrong at one method, such as {@code Tensor.close}, and does the others right. */
  static Twist at(String name, Twist twist) {
    return call -> call.name().equals(name) ? twist.at(call) : call.proceed();
  }

  /**
   * A call of a backend, or of what it handed out.
   *
   * @param real does it right
   * @param arguments that the real object knows
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Call(Object real, Method method, Object... arguments) {

    String name() {
      return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    Object proceed() throws Throwable {
      try {
        return method.invoke(real, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
