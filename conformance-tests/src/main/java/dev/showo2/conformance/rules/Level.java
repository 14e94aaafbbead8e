package dev.showo2.conformance.rules;

import org.apiguardian.api.API;

/** The requirement level of a rule, in the words of RFC 2119. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Level {
  /** Without it, it is not Show-o2. */
  MUST,
  /** There may be reasons against it, which a waiver gives. */
  SHOULD,
  /** A backend need not offer it, but what it offers is as the rule says. */
  MAY
}
