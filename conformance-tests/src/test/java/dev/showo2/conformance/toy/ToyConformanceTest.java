package dev.showo2.conformance.toy;

import dev.showo2.conformance.ConformanceTest;

class ToyConformanceTest extends ConformanceTest {

  @Override
  protected String backend() {
    return "toy";
  }
}
