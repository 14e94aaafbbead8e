/** Machinery behind {@link dev.showo2.pipeline}; it may change or go at any time. */
package dev.showo2.pipeline.internal;
