package dev.showo2.conformance.wrapper;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Says what shall go wrong in a {@link CrankyBackend}. It is asked around every call, on the
 * caller's thread, concurrently if the backend is.
 */
@FunctionalInterface
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FaultPlan {

  /** The moments of a call at which a plan is asked. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  enum Moment {
    /** Nothing has been done yet. */
    BEFORE,
    /** The backend has done it; if the plan throws, what it gave is closed again. */
    AFTER
  }

  /** Nothing goes wrong. */
  FaultPlan NONE = (moment, call, name) -> {};

  /**
   * Throws any exception or error to let the call fail with it, or holds the call for as long as it
   * likes.
   *
   * @param moment before or after the call
   * @param call counted from 0 over all stages, uploads, reads, caches and streams
   * @param name such as {@code Backbone.append}
   */
  void ask(Moment moment, int call, String name);

  /**
   * Does something at one call only, such as throwing or waiting.
   *
   * @param moment before or after the call
   * @param call the number of the call, from 0
   * @param action what is done at that call
   * @return the plan
   */
  static FaultPlan at(Moment moment, int call, Runnable action) {
    Objects.requireNonNull(moment, "moment");
    Objects.requireNonNull(action, "action");
    return (when, number, name) -> {
      if (when == moment && number == call) {
        action.run();
      }
    };
  }
}
