/**
 * Exceptions of the SDK: one unchecked root with a few final leaves, by what the reader of the
 * message can do about it; the leaf that carries latents is {@code
 * dev.showo2.pipeline.DecodingException}. Broken contracts between parts of the code are plain
 * {@link java.lang.IllegalArgumentException}, {@link java.lang.IllegalStateException} and {@link
 * java.lang.NullPointerException} instead.
 */
package dev.showo2.error;
