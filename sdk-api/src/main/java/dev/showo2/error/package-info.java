/**
 * Everything that the SDK throws on purpose: one unchecked root with a few final leaves, by what
 * the reader of the message can do about it. Broken contracts between pieces of code are plain
 * {@link java.lang.IllegalArgumentException}, {@link java.lang.IllegalStateException} and {@link
 * java.lang.NullPointerException} instead.
 */
package dev.showo2.error;
