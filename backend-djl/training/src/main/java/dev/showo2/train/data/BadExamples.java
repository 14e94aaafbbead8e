package dev.showo2.train.data;

import org.apiguardian.api.API;

/** The treatment of unusable examples. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum BadExamples {
  /** The next one is taken; they are counted by kind. */
  SKIP,
  /** The run ends with an error that names file and line. */
  STOP
}
