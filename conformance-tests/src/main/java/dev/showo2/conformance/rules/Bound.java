package dev.showo2.conformance.rules;

import org.apiguardian.api.API;

/** The tolerance that a rule is judged by. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Bound {
  /** {@link dev.showo2.conformance.compare.Tolerances#stage()}. */
  STAGE,
  /** {@link dev.showo2.conformance.compare.Tolerances#trajectory()}, and pixels and tokens. */
  RUN,
  /** Those of fp32 in every precision: the same calls once more. */
  AGAIN,
  /** {@link dev.showo2.conformance.compare.Tolerances#pieces()}. */
  PIECES,
  /** The tolerances of recorded training, which is in fp32. */
  TRAINING,
  /** Equal or wrong, in every precision. */
  EXACT
}
