/** Checks of whole requests: chapter P of the rule book. */
package dev.showo2.conformance.internal.check.pipeline;
