package dev.showo2.demo.world;

import org.apiguardian.api.API;

/** A prompt for a video, and what it should show; defaults stand where the prompt is silent. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record MotionPrompt(String text, Language language, Motion expected) {}
