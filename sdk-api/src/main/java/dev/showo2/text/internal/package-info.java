/** Machinery behind {@link dev.showo2.text}; it may change or go at any time. */
package dev.showo2.text.internal;
