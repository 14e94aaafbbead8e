package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.apiguardian.api.API;

/** Calls that have to fail, each with one kind of exception. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Refusals {

  private final Checks checks;
  private final Class<? extends Exception> expected;
  private String advice;

  /**
   * @param expected what has to be thrown
   * @param advice where to look if it is not
   */
  public Refusals(Checks checks, Class<? extends Exception> expected, String advice) {
    this.checks = checks;
    this.expected = expected;
    this.advice = ": " + advice;
  }

  public void of(String name, Callable<?> call) {
    of(name, "", call);
  }

  /**
   * @param mention what the message has to say
   */
  public void of(String name, String mention, Callable<?> call) {
    String found = found(mention, call);
    if (found.isEmpty()) {
      checks.require(name, true, "");
      return;
    }
    checks.require(name, false, found + "; " + expected.getSimpleName() + " is needed" + advice);
    // Once is enough, however many calls go wrong.
    advice = "";
  }

  /** What happened instead, or empty. */
  private String found(String mention, Callable<?> call) {
    try {
      close(call.call());
      return "went through";
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      if (!expected.isInstance(e)) {
        return "threw " + e;
      }
      return String.valueOf(e.getMessage()).contains(mention)
          ? ""
          : "does not speak of '" + mention + "' in its message '" + e.getMessage() + "'";
    }
  }

  private static void close(Object result) throws Exception {
    if (result instanceof AutoCloseable resource) {
      resource.close();
    } else if (result instanceof Collection<?> several) {
      for (Object each : several) {
        close(each);
      }
    }
  }
}
