package dev.showo2.export.internal.onnx;

import org.apiguardian.api.API;

/** An edge of a graph: what one node gives and others take. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Value(String name) {}
