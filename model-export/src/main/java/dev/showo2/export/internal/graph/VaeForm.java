package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.model.Architecture;

/** The networks that the VAE is exported as: it treats a first frame unlike later ones. */
enum VaeForm {
  /** An image. */
  IMAGE,
  /** The first frame of a video; leaves a past. */
  FIRST,
  /** The next latent frame and the video frames that it stands for; takes a past and leaves one. */
  NEXT;

  TimeAxis timeAxis(GraphBuilder graph, int frames) {
    return switch (this) {
      case IMAGE -> new SingleFrame(graph);
      case FIRST -> new FirstChunk(graph);
      case NEXT -> new NextChunk(graph, frames);
    };
  }

  /** Video frames for each latent frame. */
  int videoFrames() {
    return this == NEXT ? Architecture.VAE_TEMPORAL_FACTOR : 1;
  }
}
