package dev.showo2.conformance.fault;

/** Names of weights that faults change, as regular expressions. */
final class Keys {

  static final String BACKBONE_ATTENTION = "showo\\.model\\.layers\\.\\d+\\.self_attn\\.";
  static final String FLOW_HEAD_BLOCK = "diffusion_head_a\\.\\d+\\.";
  static final String FLOW_HEAD_ATTENTION = FLOW_HEAD_BLOCK + "self_attn\\.";
  static final String SEMANTIC_ATTENTION = "und_trans\\.layers\\.\\d+\\.self_attn\\.";

  private Keys() {}
}
