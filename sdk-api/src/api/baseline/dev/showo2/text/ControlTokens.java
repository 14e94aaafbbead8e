package dev.showo2.text;

public enum ControlTokens {
  TEXT_IN_QUESTIONS, TEXT, RECOGNIZED;
}
