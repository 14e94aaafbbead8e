/** Machinery behind {@link dev.showo2.media}; it may change or go at any time. */
package dev.showo2.media.internal;
