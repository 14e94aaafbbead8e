package dev.showo2.demo.world;

import org.apiguardian.api.API;

/** A text-to-image prompt, and what the image should show; defaults stand where it is silent. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record DemoPrompt(String text, Language language, Attributes expected) {}
