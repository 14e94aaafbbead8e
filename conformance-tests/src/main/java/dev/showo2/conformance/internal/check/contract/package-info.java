/** Checks of resources and contract: chapter R of the rule book. */
package dev.showo2.conformance.internal.check.contract;
