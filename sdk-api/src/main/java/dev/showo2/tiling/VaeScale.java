package dev.showo2.tiling;

import dev.showo2.model.Architecture;

/** The number of positions of a network's input and output along one latent. */
enum VaeScale {
  DECODING(1, Architecture.VAE_SPATIAL_FACTOR),
  ENCODING(Architecture.VAE_SPATIAL_FACTOR, 1);

  final int input;
  final int output;

  VaeScale(int input, int output) {
    this.input = input;
    this.output = output;
  }
}
