/**
 * Runs the cases of a reference folder on a backend and compares what it computes with what the
 * official code computed.
 */
package dev.showo2.conformance.golden;
