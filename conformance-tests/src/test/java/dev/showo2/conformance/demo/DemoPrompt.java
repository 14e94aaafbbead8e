package dev.showo2.conformance.demo;

/** A text-to-image prompt, and what the picture should show; defaults stand where it is silent. */
public record DemoPrompt(String text, Language language, Attributes expected) {}
