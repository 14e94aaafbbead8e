package dev.showo2.model;

public enum Integrity {
  SIZES, HASHES;
}
