package dev.showo2.pipeline;

public enum LatentChoice {
  SAMPLE, MEAN;
}
