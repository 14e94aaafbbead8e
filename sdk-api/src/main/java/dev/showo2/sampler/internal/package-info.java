/** Machinery behind {@link dev.showo2.sampler}; it may change or go at any time. */
package dev.showo2.sampler.internal;
