package dev.showo2.stage;

public enum Attention {
  CAUSAL, FULL;
}
