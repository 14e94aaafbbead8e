package dev.showo2.backend.onnx;

import dev.showo2.conformance.ConformanceTest;

/** ONNX Runtime on the CPU keeps every rule. */
class OnnxConformanceTest extends ConformanceTest {

  @Override
  protected String backend() {
    return "onnx";
  }

  /** From the folder above. */
  @Override
  protected String buildArguments() {
    return "-pl backend-onnx -am -Dsurefire.failIfNoSpecifiedTests=false";
  }
}
