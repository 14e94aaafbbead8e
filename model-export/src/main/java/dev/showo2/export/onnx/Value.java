package dev.showo2.export.onnx;

/** An edge of a graph: what one node gives and others take. */
public record Value(String name) {}
