package dev.showo2.backend.djl;

import dev.showo2.conformance.ConformanceTest;

/** PyTorch on the CPU keeps every rule. */
class DjlConformanceTest extends ConformanceTest {

  @Override
  protected String backend() {
    return "djl";
  }

  /** From the folder above. */
  @Override
  protected String buildArguments() {
    return "-pl backend-djl -am -Dsurefire.failIfNoSpecifiedTests=false";
  }
}
