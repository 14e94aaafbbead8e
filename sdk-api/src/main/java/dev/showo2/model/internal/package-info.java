/** Machinery behind {@link dev.showo2.model}; it may change or go at any time. */
package dev.showo2.model.internal;
